package sightline.pipeline.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Event;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;

/** Pages that are slow, stalled or dead, beside pages that are not. */
class SlowClientsTest {
    private static final Duration STALL = Duration.ofMillis(800);

    private final FakePicture picture = new FakePicture(3, 5);
    private DashboardServer server;

    private void start(int controlQueue) {
        server = DashboardServer.start(
                picture,
                new WebSettings(
                        "127.0.0.1",
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        64,
                        controlQueue,
                        64 * 1024,
                        STALL,
                        Duration.ZERO));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void nineteenPagesGetEveryTickInTimeWhileTheTwentiethIsStalledAndThenCutOff() throws Exception {
        start(512);
        List<LivePage> pages = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            LivePage page = LivePage.open(server);
            page.send("{\"op\":\"want\",\"channels\":[\"tick\"]}");
            pages.add(page);
        }
        try (Socket stalled = upgrade("{\"op\":\"want\",\"channels\":[\"tick\",\"camera\"]}")) {
            await().until(() -> server.openPages() == 20);
            byte[] big = new byte[400_000];
            for (int tick = 1; tick <= 60; tick++) {
                picture.cameras.tryEmitNext(frame(big, tick));
                picture.step(tick * 100_000_000L);
                int expected = tick;
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(3, TimeUnit.SECONDS)
                        .until(() ->
                                pages.stream().allMatch(p -> p.ofType("tick").size() >= expected));
            }
            var more = new AtomicInteger(60);
            await().atMost(20, TimeUnit.SECONDS)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        picture.cameras.tryEmitNext(frame(big, more.incrementAndGet()));
                        return server.openPages() == 19;
                    });
            assertThat(departures().get(0).path("reason").asText()).startsWith("stalled");
            assertThat(pages).allMatch(p -> !p.closed.isDone());
            await().atMost(15, TimeUnit.SECONDS).until(() -> hasEnded(stalled));
        } finally {
            pages.forEach(LivePage::close);
        }
    }

    @Test
    void aPageThatAnswersNoPingIsTakenForDead() throws Exception {
        start(512);
        try (Socket deaf = upgrade("{\"op\":\"want\",\"channels\":[]}")) {
            Thread reader = Thread.ofVirtual().start(() -> drain(deaf));
            await().atMost(15, TimeUnit.SECONDS).until(() -> server.openPages() == 0);
            assertThat(departures().get(0).path("reason").asText()).startsWith("dead");
            reader.join(5000);
        }
    }

    @Test
    void eventsAreNeverThinnedOrReordered() {
        start(4096);
        try (LivePage page = LivePage.open(server)) {
            await().until(() -> !page.ofType("site").isEmpty());
            IntStream.range(0, 2000).forEach(i -> picture.events.tryEmitNext(event(i)));
            await().until(() -> page.ofType("event").size() == 2000);
            assertThat(page.ofType("event").stream().map(e -> e.path("id").asText()))
                    .containsExactlyElementsOf(
                            LongStream.range(0, 2000).mapToObj(i -> "e" + i).toList());
        }
    }

    @Test
    void aPageThatCannotKeepUpWithEventsIsToldSoRatherThanServedHalf() throws Exception {
        start(16);
        try (Socket slow = upgrade("{\"op\":\"want\",\"channels\":[]}")) {
            await().until(() -> server.openPages() == 1);
            String longText = "x".repeat(100_000);
            var number = new AtomicInteger();
            await().atMost(15, TimeUnit.SECONDS)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> {
                        picture.events.tryEmitNext(event(number.getAndIncrement(), longText));
                        return server.openPages() == 0;
                    });
            assertThat(departures().get(0).path("reason").asText()).matches("(too slow|stalled).*");
            await().atMost(15, TimeUnit.SECONDS).until(() -> hasEnded(slow));
        }
    }

    private static CameraView frame(byte[] bytes, long sequence) {
        var header = new FrameHeader(
                "cam-north-west",
                0,
                sequence,
                ObservationTime.at(sequence * 100_000_000L, "c"),
                Origin.SIMULATED,
                640,
                360,
                "",
                "");
        return new CameraView(
                new EncodedFrame(header, "image/jpeg", ByteBuffer.wrap(bytes)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Event event(int i) {
        return event(i, "text");
    }

    private static Event event(int i, String text) {
        return new Event("e" + i, "rule", Event.Kind.FALL, "", i, 1, 1, List.of(), List.of(), text, Origin.SIMULATED);
    }

    private JsonNode departures() throws Exception {
        try (LivePage page = LivePage.open(server)) {
            await().until(() -> page.ofType("system").stream()
                    .anyMatch(s -> !s.path("departures").isEmpty()));
            return page.ofType("system").getLast().path("departures");
        }
    }

    /** A socket that becomes a WebSocket, says one thing, and never reads again of its own accord. */
    private Socket upgrade(String says) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(8192);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        String request = "GET /live HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[12];
        socket.getInputStream().readNBytes(answer, 0, answer.length);
        assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
        byte[] text = says.getBytes(StandardCharsets.UTF_8);
        // A masked text frame with a mask of zeros.
        byte[] frame = new byte[6 + text.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | text.length);
        System.arraycopy(text, 0, frame, 6, text.length);
        socket.getOutputStream().write(frame);
        return socket;
    }

    /** Whether the server has cut the connection: writing into it fails. */
    private static boolean hasEnded(Socket socket) {
        try {
            socket.getOutputStream().write(new byte[] {(byte) 0x8a, (byte) 0x80, 0, 0, 0, 0});
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    private static void drain(Socket socket) {
        try {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException ended) {
            // The server cut it off, which is what the test waits for.
        }
    }
}
