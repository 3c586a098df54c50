package sightline.kernels.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFetchTest {
    private static final byte[] CONTENT = new byte[200_000];

    @TempDir
    Path folder;

    private final List<String> ranges = new ArrayList<>();
    private HttpServer server;
    private int sent = CONTENT.length;

    @BeforeEach
    void serve() throws IOException {
        Arrays.fill(CONTENT, (byte) 7);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/w", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(String.valueOf(range));
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            byte[] body = Arrays.copyOfRange(CONTENT, from, Math.max(from, sent));
            exchange.sendResponseHeaders(range == null ? 200 : 206, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private WeightSource source(String digest) {
        URI uri = URI.create("http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + "/w");
        return new WeightSource("w.pt", uri, digest, CONTENT.length, "test");
    }

    private String digest() throws IOException {
        return WeightFiles.sha256(Files.write(folder.resolve("expected"), CONTENT));
    }

    private Path fetch(WeightSource source) {
        return new WeightFetch(Duration.ofSeconds(5)).fetch(source, folder, bytes -> {});
    }

    @Test
    void aBrokenDownloadIsResumedWhereItStopped() throws IOException {
        WeightSource source = source(digest());
        sent = 150_000;
        assertThatThrownBy(() -> fetch(source)).hasMessageContaining("only 150000 of 200000");
        sent = CONTENT.length;
        assertThat(fetch(source)).hasBinaryContent(CONTENT);
        assertThat(ranges).containsExactly("null", "bytes=150000-");
        fetch(source);
        assertThat(ranges).hasSize(2);
    }

    @Test
    void aWrongDigestLeavesNothingBehind() {
        WeightSource source = source("0".repeat(64));
        assertThatThrownBy(() -> fetch(source)).hasMessageContaining("was expected");
        assertThat(folder.resolve("w.pt")).doesNotExist();
        assertThat(folder.resolve("w.pt.part")).doesNotExist();
    }

    @Test
    void beingOfflineIsSaidInASentence() throws IOException {
        WeightSource source = source(digest());
        server.stop(0);
        assertThatThrownBy(() -> fetch(source))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("Is this machine online?");
    }
}
