package sightline.pipeline.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import sightline.config.time.TimeSource;
import sightline.pipeline.npm.Npm;
import sightline.pipeline.npm.Programs;

/** The pipeline seen through Foxglove's own client library, run by node. */
class FoxgloveEndpointTest {
    /** Subscribes to everything with the published client, and prints what one message of each channel holds. */
    private static final String VIEWER = """
            const { FoxgloveClient } = require(process.argv[2]);
            const WebSocket = require(process.argv[3]);
            const socket = new WebSocket(process.argv[4], [process.argv[5]]);
            const client = new FoxgloveClient({ ws: socket });
            const result = { protocol: '', server: '', schemas: {}, samples: {}, errors: [] };
            const topics = new Map();
            const byChannel = new Map();
            const done = () => { console.log(JSON.stringify(result)); process.exit(0); };
            client.on('error', (error) => result.errors.push(String(error)));
            client.on('serverInfo', (info) => { result.server = info.name; result.protocol = socket.protocol; });
            client.on('advertise', (channels) => {
                for (const channel of channels) {
                    JSON.parse(channel.schema);
                    result.schemas[channel.topic] = channel.schemaName;
                    byChannel.set(client.subscribe(channel.id), channel.topic);
                }
            });
            client.on('message', ({ subscriptionId, timestamp, data }) => {
                const topic = byChannel.get(subscriptionId);
                const body = JSON.parse(new TextDecoder().decode(data));
                if (topic === '/tracks' && body.entities.length === 0) return;
                result.samples[topic] = { timestamp: String(timestamp), body };
                if (body.data) body.data = body.data.slice(0, 8);
                if (Object.keys(result.samples).length >= Number(process.argv[6])) done();
            });
            setTimeout(done, 15000);
            """;

    @Test
    void foxglovesOwnClientReadsEveryChannel() throws Exception {
        String protocol = "foxglove.websocket.v1";
        Path library = Npm.require("@foxglove/ws-protocol", "0.8.0");
        Path websocket = Npm.require("ws", "8.18.0");
        JsonNode seen = view(library, websocket, protocol, 19);
        assertThat(seen.path("errors")).isEmpty();
        assertThat(seen.path("protocol").asText()).isEqualTo(protocol);
        assertThat(seen.path("server").asText()).isEqualTo("Sightline plaza");
        assertThat(seen.path("schemas").path("/cam-north-west/image").asText()).isEqualTo("foxglove.CompressedImage");
        JsonNode samples = seen.path("samples");
        assertThat(samples.path("/tracks").path("body").path("entities")).hasSize(5);
        assertThat(samples.path("/zones")
                        .path("body")
                        .path("entities")
                        .get(0)
                        .path("id")
                        .asText())
                .isEqualTo("zone/loading bay");
        assertThat(samples.path("/cam-north-west/image")
                        .path("body")
                        .path("data")
                        .asText())
                .as("a JPEG in base64")
                .startsWith("/9j/");
        JsonNode hung = samples.path("/cam-north-west/transform").path("body").path("translation");
        assertThat(hung.path("x").asDouble()).isCloseTo(0, Offset.offset(0.01));
        assertThat(hung.path("y").asDouble()).isCloseTo(Plaza.NORTH, Offset.offset(0.01));
        assertThat(hung.path("z").asDouble()).isCloseTo(5, Offset.offset(0.01));
    }

    @ParameterizedTest
    @ValueSource(strings = {"foxglove.websocket.v1", "foxglove.sdk.v1"})
    void bothSubprotocolsAreAgreedOn(String protocol) {
        var first = new CompletableFuture<String>();
        try (var server = DashboardServer.start(new FakePicture(3, 5), WebSettings.defaults());
                var http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder()
                    .subprotocols(protocol)
                    .buildAsync(URI.create(server.url().replace("http", "ws") + "foxglove"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
                            first.complete(data.toString());
                            return null;
                        }
                    })
                    .join();
            assertThat(socket.getSubprotocol()).isEqualTo(protocol);
            assertThat(first.join()).contains("serverInfo");
            socket.abort();
        }
    }

    private static JsonNode view(Path library, Path websocket, String protocol, int channels) throws Exception {
        Path node = Programs.find("node", "nodejs").orElse(null);
        Assumptions.assumeTrue(node != null, "no node on the PATH");
        Path script = Files.writeString(
                Files.createDirectories(Path.of("target", "npm")).resolve("viewer.cjs"), VIEWER);
        var picture = new FakePicture(3, 5);
        try (var server = DashboardServer.start(picture, WebSettings.defaults())) {
            var time = Flux.interval(Duration.ofMillis(100))
                    .onBackpressureDrop()
                    .subscribe(i -> picture.step(TimeSource.system().nanos()));
            try {
                return run(new ProcessBuilder(
                        node.toString(),
                        script.toString(),
                        library.toString(),
                        websocket.toString(),
                        server.url().replace("http", "ws") + "foxglove",
                        protocol,
                        Integer.toString(channels)));
            } finally {
                time.dispose();
            }
        }
    }

    private static JsonNode run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(out).isTrue();
            String last = out.lines().reduce((a, b) -> b).orElse("");
            assertThat(last).as(out).startsWith("{");
            return new ObjectMapper().readTree(last);
        } finally {
            process.destroyForcibly();
        }
    }
}
