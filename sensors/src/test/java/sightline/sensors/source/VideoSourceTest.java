package sightline.sensors.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Origin;
import sightline.config.time.TimeSource;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.decode.JpegHeader;
import sightline.sensors.decode.JpegLimits;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

class VideoSourceTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final JpegEncoder ENCODER = JpegEncoder.best(85);

    private static VideoSource file(Path path, double fps) {
        return VideoSource.file(
                path, CameraStamp.replay("video", START), START, fps, ENCODER, Schedulers.boundedElastic());
    }

    @Test
    void theRecordedFrameRateCanBeCorrected() {
        Path video = DataFolder.need("video/vtest.avi");
        List<EncodedFrame> trusted =
                file(video, 0).open().take(30).collectList().block(Duration.ofSeconds(30));
        assertThat(trusted.get(10).header().time().exposureNanos() - START).isEqualTo(1_000_000_000L);
        List<EncodedFrame> corrected =
                file(video, 7).open().take(30).collectList().block(Duration.ofSeconds(30));
        assertThat(corrected.get(7).header().time().exposureNanos() - START).isEqualTo(1_000_000_000L);
        assertThat(corrected).extracting(f -> f.header().width()).containsOnly(768);
        assertThat(JpegHeader.read(corrected.getLast().payload(), JpegLimits.DEFAULT)
                        .height())
                .isEqualTo(576);
    }

    @Test
    void everyFrameOfAnH264FileComesOutIncludingTheLastOnesHeldByTheDecoder() {
        Path video = DataFolder.need("video/intel_car-detection.mp4");
        List<Long> times = file(video, 0)
                .open()
                .map(f -> f.header().time().exposureNanos())
                .collectList()
                .block(Duration.ofSeconds(60));
        assertThat(times.size()).isGreaterThan(100);
        assertThat(times.getFirst()).isEqualTo(START);
        assertThat(times).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aMissingFileAndOneThatIsNoVideoAreBrokenForGood(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> file(folder.resolve("none.mp4"), 0).open().blockFirst(Duration.ofSeconds(10)))
                .isInstanceOf(BrokenSourceException.class);
        Path text = Files.writeString(folder.resolve("text.mp4"), "this is no video at all, however long it goes on");
        assertThatThrownBy(() -> file(text, 0).open().blockFirst(Duration.ofSeconds(10)))
                .hasStackTraceContaining("cannot open video");
    }

    @Test
    void imagesOfAFolderComeInTheOrderOfTheirNames(@TempDir Path folder) throws IOException {
        Plaza plaza = Plaza.of(PlazaSettings.of(1).withPicture(96, 64, 10));
        for (int i = 0; i < 3; i++) {
            ByteBuffer jpeg = plaza.cameras().getFirst().frame(i, ENCODER).payload();
            byte[] bytes = new byte[jpeg.remaining()];
            jpeg.get(bytes);
            Files.write(folder.resolve("00" + (3 - i) + ".jpg"), bytes);
        }
        Files.writeString(folder.resolve("readme.txt"), "not a picture");
        List<EncodedFrame> frames = new ImageFolderSource(
                        folder, CameraStamp.replay("folder", START), START, 4, ENCODER, Schedulers.boundedElastic())
                .open()
                .collectList()
                .block(Duration.ofSeconds(10));
        assertThat(frames).hasSize(3);
        assertThat(frames.get(2).header().time().exposureNanos() - START).isEqualTo(500_000_000L);
        assertThat(frames.getFirst().payload())
                .isEqualTo(plaza.cameras().getFirst().frame(2, ENCODER).payload());
    }

    @Test
    void motionJpegOverTheNetworkPassesThroughUntouchedAndCancelsWhileSilent() throws Exception {
        EncodedFrame picture = Plaza.of(PlazaSettings.of(1).withPicture(96, 64, 10))
                .cameras()
                .getFirst()
                .frame(0, ENCODER);
        byte[] jpeg = new byte[picture.bytes()];
        picture.payload().duplicate().get(jpeg);
        CountDownLatch finish = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/cam", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "multipart/x-mixed-replace; boundary=frame");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 60; i++) {
                    out.write(("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + jpeg.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
                    out.write(jpeg);
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                }
                // Then silence on an open connection.
                finish.await(30, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try {
            String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/cam";
            CameraStamp stamp = new CameraStamp("net", START, Origin.LIVE, "", "arrival", 50_000_000);
            VideoSource source = VideoSource.network(
                    address, stamp, TimeSource.system(), 20_000, ENCODER, Schedulers.boundedElastic());
            List<EncodedFrame> frames = source.open().take(20).collectList().block(Duration.ofSeconds(20));
            assertThat(frames).hasSize(20);
            assertThat(frames.getLast().payload()).isEqualTo(ByteBuffer.wrap(jpeg));
            assertThat(frames.getLast().header().origin()).isEqualTo(Origin.LIVE);
            // One thread only: it is free again when the read that waits for the silent camera has ended.
            Scheduler single = Schedulers.newBoundedElastic(1, 10, "single");
            AtomicInteger received = new AtomicInteger();
            Disposable running = VideoSource.network(address, stamp, TimeSource.system(), 20_000, ENCODER, single)
                    .open()
                    .subscribe(f -> received.incrementAndGet());
            await().atMost(Duration.ofSeconds(10)).until(() -> received.get() >= 50);
            running.dispose();
            CountDownLatch free = new CountDownLatch(1);
            single.schedule(free::countDown);
            assertThat(free.await(1, TimeUnit.SECONDS)).isTrue();
            single.dispose();
        } finally {
            finish.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
