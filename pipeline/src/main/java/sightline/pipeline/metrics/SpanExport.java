package sightline.pipeline.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.contract.Traceparent;

/**
 * Sends spans of sampled frames to an OpenTelemetry collector, as OTLP over HTTP with JSON. Off unless an address is given.
 *
 * <p>Spans wait in a queue of {@value #MOST_WAITING}; what does not fit is dropped and counted. Whoever adds a span never
 * waits for the collector, and one that is away is only logged once.
 */
public final class SpanExport implements AutoCloseable {
    /** Where OpenTelemetry's own specification keeps the collector's address. */
    public static final String ADDRESS_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static final Logger LOG = LoggerFactory.getLogger(SpanExport.class);
    private static final int MOST_WAITING = 2048;
    private static final int INTERNAL = 1;

    /** What a stage did between two moments; the parent is empty at the root. */
    private record Span(String trace, String id, String parent, String name, long beganNanos, long endedNanos) {}

    private final URI traces;
    private final BlockingQueue<Span> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ObjectMapper json = new ObjectMapper();
    private final Scheduler thread = Schedulers.newSingle("span-export", true);
    private final AtomicLong dropped = new AtomicLong();
    private boolean away;

    private SpanExport(URI collector) {
        this.traces = collector.resolve("/v1/traces");
        thread.schedulePeriodically(this::send, 1, 1, TimeUnit.SECONDS);
    }

    /** To a collector, as {@code http://localhost:4318}. */
    public static SpanExport to(URI collector) {
        return new SpanExport(collector);
    }

    /** To the collector that the environment names, if it names one. */
    public static Optional<SpanExport> fromEnvironment() {
        return Optional.ofNullable(System.getenv(ADDRESS_VARIABLE))
                .filter(address -> !address.isBlank())
                .map(URI::create)
                .map(SpanExport::to);
    }

    /**
     * Adds the root span of a frame and what one stage did under it, if the frame is sampled.
     *
     * @param context of the frame
     * @param exposedNanos where the frame's own span begins
     * @param beganNanos when the stage got it
     * @param endedNanos when the stage was done, which ends both
     */
    public void frame(String context, String stage, long exposedNanos, long beganNanos, long endedNanos) {
        if (!Traceparent.sampled(context)) {
            return;
        }
        String trace = Traceparent.trace(context);
        String root = Traceparent.span(context);
        add(new Span(trace, root, "", "frame", exposedNanos, endedNanos));
        add(new Span(trace, Traceparent.span(Traceparent.child(context, stage)), root, stage, beganNanos, endedNanos));
    }

    private void add(Span span) {
        if (!waiting.offer(span)) {
            dropped.incrementAndGet();
        }
    }

    /** Spans that did not fit into the queue. */
    public long dropped() {
        return dropped.get();
    }

    private void send() {
        List<Span> spans = new ArrayList<>();
        waiting.drainTo(spans);
        if (spans.isEmpty()) {
            return;
        }
        try {
            HttpResponse<Void> answer = http.send(
                    HttpRequest.newBuilder(traces)
                            .timeout(Duration.ofSeconds(5))
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(request(spans))))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            told(answer.statusCode() / 100 == 2, "it answers " + answer.statusCode());
        } catch (java.io.IOException e) {
            told(false, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void told(boolean taken, String why) {
        if (!taken && !away) {
            LOG.warn("the collector at {} does not take spans: {}", traces, why);
        }
        away = !taken;
    }

    private ObjectNode request(List<Span> spans) {
        ObjectNode root = json.createObjectNode();
        ObjectNode resource = root.putArray("resourceSpans").addObject();
        ObjectNode name = resource.putObject("resource").putArray("attributes").addObject();
        name.put("key", "service.name").putObject("value").put("stringValue", "sightline");
        ObjectNode scope = resource.putArray("scopeSpans").addObject();
        scope.putObject("scope").put("name", "sightline");
        ArrayNode list = scope.putArray("spans");
        for (Span span : spans) {
            ObjectNode node = list.addObject()
                    .put("traceId", span.trace())
                    .put("spanId", span.id())
                    .put("name", span.name())
                    .put("kind", INTERNAL)
                    .put("startTimeUnixNano", Long.toString(span.beganNanos()))
                    .put("endTimeUnixNano", Long.toString(span.endedNanos()));
            if (!span.parent().isEmpty()) {
                node.put("parentSpanId", span.parent());
            }
        }
        return root;
    }

    @Override
    public void close() {
        thread.schedule(this::send);
        thread.disposeGracefully().block(Duration.ofSeconds(3));
        http.close();
    }
}
