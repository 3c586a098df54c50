package sightline.pipeline.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import sightline.config.domain.Event;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.Track;
import sightline.config.ledger.LedgerRow;
import sightline.config.time.TimeSource;

/**
 * All metrics of a process.
 *
 * <p>Any thread may record; recording takes well under a microsecond and allocates nothing that lasts. Counters of the
 * ledger, lags and memory are taken over when {@link #publish} is called, which the {@code /metrics} handler does before
 * it answers. {@link #close} stops the listener of garbage collections.
 */
public final class PipelineMetrics implements AutoCloseable {
    private static final int MAX_STAGES = 64;
    private static final String OTHER = "(other stages)";
    private static final Duration[] BOUNDS = java.util.stream.LongStream.of(
                    1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500, 1000, 2000, 5000, 10000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    /** The two views of a stage's latency: since the start for Prometheus, the last minute for the page. */
    private record Stage(Timer timer, LatencyWindow window) {}

    private final TimeSource time;
    private final TraceScope traces = new TraceScope();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(new ByTheBook(), new PrometheusRegistry(), Clock.SYSTEM, traces);
    private final Map<String, Stage> stages = new ConcurrentSkipListMap<>();
    private final LedgerMeters ledger = new LedgerMeters(registry);
    private final MultiGauge lagSeconds = gauge(MetricNames.LAG_SECONDS);
    private final MultiGauge lagRecords = gauge(MetricNames.LAG_RECORDS);
    private final MultiGauge memoryUsed = gauge(MetricNames.MEMORY_USED);
    private final MultiGauge memoryLimit = gauge(MetricNames.MEMORY_LIMIT);
    private final MultiGauge tracks = gauge(MetricNames.TRACKS);
    private final MultiGauge sensorRate = gauge(MetricNames.SENSOR_RATE);
    private final MultiGauge sensorLive = gauge(MetricNames.SENSOR_LIVE);
    private final AtomicLong pages = new AtomicLong();
    private final Counter disconnected;
    private final Map<String, Counter> events = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> stampTotals = new ConcurrentHashMap<>();
    private volatile Supplier<List<StampCount>> stamps = List::of;
    private final JvmGcMetrics collections = new JvmGcMetrics();

    public PipelineMetrics(TimeSource time) {
        this.time = time;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collections.bindTo(registry);
        io.micrometer.core.instrument.Gauge.builder(MetricNames.PAGES.meter(), pages, AtomicLong::doubleValue)
                .description(MetricNames.PAGES.help())
                .register(registry);
        disconnected = Counter.builder(MetricNames.PAGES_DISCONNECTED.meter())
                .description(MetricNames.PAGES_DISCONNECTED.help())
                .register(registry);
    }

    private MultiGauge gauge(MetricNames name) {
        return MultiGauge.builder(name.meter()).description(name.help()).register(registry);
    }

    /**
     * Records how long something took.
     *
     * @param stage configured name of a stage, or one of {@link StageLatency}'s; at most 64 different ones are told apart
     * @param nanos duration; a negative one (two clocks that disagree) counts as 0
     * @param traceparent of the frame, empty without one
     */
    public void latency(String stage, long nanos, String traceparent) {
        Stage measured = stages.get(stage);
        if (measured == null) {
            measured = stages.computeIfAbsent(stages.size() < MAX_STAGES ? stage : OTHER, this::stage);
        }
        Duration took = Duration.ofNanos(Math.max(0, nanos));
        measured.window().record(took.toNanos() / 1e9);
        Timer timer = measured.timer();
        traces.run(traceparent, () -> timer.record(took));
    }

    private Stage stage(String name) {
        Timer timer = Timer.builder(MetricNames.STAGE_LATENCY.meter())
                .description(MetricNames.STAGE_LATENCY.help())
                .tag("stage", name)
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
        return new Stage(timer, new LatencyWindow(time));
    }

    /** Latencies of the last minute, one a stage. */
    public List<StageLatency> latencies() {
        return stages.entrySet().stream()
                .map(e -> e.getValue().window().snapshot(e.getKey()))
                .toList();
    }

    /** Latency of the last minute of one stage. */
    public StageLatency latency(String stage) {
        Stage measured = stages.get(stage);
        return measured == null
                ? new LatencyWindow(time).snapshot(stage)
                : measured.window().snapshot(stage);
    }

    /** Counts an event. */
    public void event(Event event) {
        String kind = event.kind().name().toLowerCase(Locale.ROOT);
        String certainty = event.isNecessary() ? "necessary" : "possible";
        String origin = event.origin().name().toLowerCase(Locale.ROOT);
        events.computeIfAbsent(kind + certainty + origin, k -> Counter.builder(MetricNames.EVENTS.meter())
                        .description(MetricNames.EVENTS.help())
                        .tags("kind", kind, "certainty", certainty, "origin", origin)
                        .register(registry))
                .increment();
    }

    /** Takes over the tracks of the newest tick. */
    public void tracks(List<Track> now) {
        Map<Track.Phase, Long> byPhase =
                now.stream().collect(Collectors.groupingBy(Track::phase, Collectors.counting()));
        tracks.register(
                java.util.Arrays.stream(Track.Phase.values())
                        .map(phase -> MultiGauge.Row.of(
                                Tags.of("phase", phase.name().toLowerCase(Locale.ROOT)),
                                byPhase.getOrDefault(phase, 0L)))
                        .toList(),
                true);
    }

    /** Takes over the states of all sensors. */
    public void sensors(List<SensorStatus> now) {
        rows(sensorRate, now, s -> Tags.of("sensor", s.sensor()), SensorStatus::rateHz);
        rows(sensorLive, now, s -> Tags.of("sensor", s.sensor()), s -> s.state() == SensorStatus.State.LIVE ? 1 : 0);
    }

    /** Where to ask, at each {@link #publish}, what stamps had to be mended. */
    public void stampsFrom(Supplier<List<StampCount>> counts) {
        stamps = counts;
    }

    private void stamps(StampCount count) {
        String verdict = count.verdict().name().toLowerCase(Locale.ROOT);
        stampTotals
                .computeIfAbsent(count.sensor() + "|" + count.stage() + "|" + verdict, key -> {
                    var total = new AtomicLong();
                    FunctionCounter.builder(MetricNames.STAMPS_MENDED.meter(), total, AtomicLong::doubleValue)
                            .description(MetricNames.STAMPS_MENDED.help())
                            .tags("sensor", count.sensor(), "stage", count.stage(), "verdict", verdict)
                            .register(registry);
                    return total;
                })
                .set(count.count());
    }

    /** Takes over what others count. */
    public void publish(List<LedgerRow> rows, List<Lag> lags, List<MemoryLine> memory) {
        ledger.publish(rows);
        stamps.get().forEach(this::stamps);
        rows(lagSeconds, lags, l -> Tags.of("topic", l.topic(), "consumer", l.consumer()), Lag::seconds);
        rows(lagRecords, lags, l -> Tags.of("topic", l.topic(), "consumer", l.consumer()), Lag::records);
        List<MemoryLine> measured = memory.stream().filter(MemoryLine::measured).toList();
        rows(memoryUsed, measured, m -> Tags.of("what", m.what(), "kind", m.kind()), MemoryLine::used);
        rows(memoryLimit, memory, m -> Tags.of("what", m.what(), "kind", m.kind()), MemoryLine::limit);
    }

    private static <T> void rows(
            MultiGauge gauge, List<T> from, java.util.function.Function<T, Tags> tags, ToDoubleFunction<T> value) {
        gauge.register(
                from.stream()
                        .map(t -> MultiGauge.Row.of(tags.apply(t), value.applyAsDouble(t)))
                        .toList(),
                true);
    }

    /** How many pages are open. */
    public void pages(long open) {
        pages.set(open);
    }

    /** A page was disconnected for being slow or dead. */
    public void pageDisconnected() {
        disconnected.increment();
    }

    /**
     * The scrape.
     *
     * @param accept what the scraper takes; with OpenMetrics it gets exemplars too
     */
    public Scrape scrape(String accept) {
        String type = accept != null && accept.contains("application/openmetrics-text")
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        return new Scrape(type, registry.scrape(type));
    }

    /**
     * Exemplars where OpenMetrics 1.0 has them, at buckets and totals. Micrometer also puts them at the counts of histograms,
     * for one of which Prometheus before 2.43 refuses the whole answer.
     */
    private static final class ByTheBook implements PrometheusConfig {
        @Override
        public String get(String key) {
            return null;
        }

        @Override
        public Properties prometheusProperties() {
            Properties properties = new Properties();
            properties.setProperty("io.prometheus.exporter.exemplarsOnAllMetricTypes", "false");
            return properties;
        }
    }

    /** An answer to a scraper. */
    public record Scrape(String contentType, String body) {}

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
