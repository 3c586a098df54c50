package sightline.pipeline.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sightline.config.contract.Traceparent;

class SpanExportTest {
    private static String sampled() {
        return IntStream.range(0, 1000)
                .mapToObj(i -> Traceparent.root("cam/1/" + i))
                .filter(Traceparent::sampled)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCollectorGetsTheFrameAndTheStageUnderIt() throws IOException {
        List<JsonNode> requests = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            requests.add(new ObjectMapper().readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        String context = sampled();
        try (SpanExport export = SpanExport.to(
                URI.create("http://127.0.0.1:" + collector.getAddress().getPort()))) {
            export.frame(context, "perception", 100, 200, 300);
            await().until(() -> !requests.isEmpty());
        } finally {
            collector.stop(0);
        }
        JsonNode resource = requests.getFirst().get("resourceSpans").get(0);
        assertThat(resource.findValue("stringValue").asText()).isEqualTo("sightline");
        JsonNode spans = resource.get("scopeSpans").get(0).get("spans");
        assertThat(spans).hasSize(2).allSatisfy(s -> assertThat(s.get("traceId").asText())
                .isEqualTo(Traceparent.trace(context)));
        assertThat(spans.get(0).get("startTimeUnixNano").asText()).isEqualTo("100");
        assertThat(spans.get(1).get("parentSpanId").asText()).isEqualTo(Traceparent.span(context));
        assertThat(spans.get(1).get("name").asText()).isEqualTo("perception");
    }

    @Test
    void aCollectorThatIsAwayCostsSpansAndNothingElse() {
        try (SpanExport export = SpanExport.to(URI.create("http://127.0.0.1:9"))) {
            String context = sampled();
            IntStream.range(0, 5000).forEach(i -> export.frame(context, "perception", 1, 2, 3));
            assertThat(export.dropped()).isPositive();
        }
    }
}
