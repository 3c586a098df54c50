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
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.kernels.weights.FetchedWeights.Proof;

class WeightFetchTest {
    private static final byte[] CONTENT = new byte[200_000];

    @TempDir
    Path folder;

    private final List<String> ranges = new ArrayList<>();
    private final List<Long> progress = new ArrayList<>();
    private HttpServer server;
    private int sent = CONTENT.length;
    private String type = "application/octet-stream";
    private String announced = "";

    @BeforeEach
    void serve() throws IOException {
        Arrays.fill(CONTENT, (byte) 7);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/w", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(String.valueOf(range));
            exchange.getResponseHeaders().set("Content-Type", type);
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            byte[] body = from < sent ? Arrays.copyOfRange(CONTENT, from, sent) : new byte[0];
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (CONTENT.length - 1) + "/" + CONTENT.length);
            int status = from >= CONTENT.length ? 416 : range == null ? 200 : 206;
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.createContext("/linked", exchange -> {
            exchange.getResponseHeaders().set("X-Linked-ETag", '"' + announced + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(CONTENT.length));
            exchange.getResponseHeaders().set("Location", "/w");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI at(String path) {
        return URI.create("http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + path);
    }

    private WeightSource source(String digest) {
        return new WeightSource(
                "w", "w.pt", at("/w"), Optional.of(new WeightSource.Known(digest, CONTENT.length)), "test");
    }

    private WeightSource unseen(String path) {
        return new WeightSource("w", "w.pt", at(path), Optional.empty(), "test");
    }

    private String digest() throws IOException {
        return WeightFiles.sha256(Files.write(folder.resolve("expected"), CONTENT));
    }

    private FetchedWeights fetch(WeightSource source) {
        return new WeightFetch(Duration.ofSeconds(5)).fetch(source, folder, (bytes, of) -> progress.add(bytes));
    }

    @Test
    void aBrokenDownloadIsResumedWhereItStopped() throws IOException {
        WeightSource source = source(digest());
        sent = 150_000;
        assertThatThrownBy(() -> fetch(source)).hasMessageContaining("only 150000 of 200000");
        sent = CONTENT.length;
        FetchedWeights fetched = fetch(source);
        assertThat(fetched.file()).hasBinaryContent(CONTENT);
        assertThat(fetched.proof()).isEqualTo(Proof.KNOWN);
        assertThat(progress).isSorted().endsWith((long) CONTENT.length);
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
    void theDigestThatTheHomeAnnouncesBesideItsRedirectCounts() throws IOException {
        announced = digest();
        sent = 150_000;
        assertThatThrownBy(() -> fetch(unseen("/linked"))).hasMessageContaining("only 150000 of 200000");
        sent = CONTENT.length;
        FetchedWeights fetched = fetch(unseen("/linked"));
        assertThat(fetched.proof()).isEqualTo(Proof.ANNOUNCED);
        assertThat(fetched.file()).hasBinaryContent(CONTENT);
        assertThat(folder.resolve("w.pt.sha256")).hasContent(announced + "  w.pt");
        assertThat(fetch(unseen("/linked"))).isEqualTo(fetched);
        assertThat(ranges).containsExactly("null", "bytes=150000-");
        Files.writeString(fetched.file(), "something else");
        assertThat(fetch(unseen("/linked")).file()).hasBinaryContent(CONTENT);
    }

    @Test
    void anotherFileThanTheAnnouncedOneIsRefused() {
        announced = "0".repeat(64);
        assertThatThrownBy(() -> fetch(unseen("/linked"))).hasMessageContaining("was expected");
        assertThat(folder.resolve("w.pt")).doesNotExist();
    }

    @Test
    void withoutAnyDigestNothingIsSaidToBeProven() throws IOException {
        FetchedWeights fetched = fetch(unseen("/w"));
        assertThat(fetched.proof()).isEqualTo(Proof.NONE);
        assertThat(fetched.file()).hasBinaryContent(CONTENT);
        assertThat(fetch(unseen("/w")).proof()).isEqualTo(Proof.NONE);
        assertThat(ranges).hasSize(1);
    }

    @Test
    void aPartThatIsAllThereIsNotAskedForAgainAndOneThatIsTooLongIsDropped() throws IOException {
        Path part = Files.write(folder.resolve("w.pt.part"), CONTENT);
        assertThat(fetch(unseen("/w")).file()).hasBinaryContent(CONTENT);
        assertThat(progress).isEmpty();
        Files.delete(folder.resolve("w.pt"));
        Files.write(part, new byte[CONTENT.length + 1]);
        assertThatThrownBy(() -> fetch(unseen("/w"))).hasMessageContaining("are not of this file");
        assertThat(part).doesNotExist();
    }

    @Test
    void aPageForPeopleIsNoWeights() {
        type = "text/html; charset=utf-8";
        assertThatThrownBy(() -> fetch(unseen("/w"))).hasMessageContaining("a page for people");
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
