package sightline.sensors.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Origin;
import sightline.config.time.TimeSource;
import sightline.sensors.decode.JpegDecoder;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.decode.JpegLimits;
import sightline.sensors.decode.PixelPool;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

class RtspTest {
    private static final long START_SECONDS = 1_700_000_000L;
    private static final CameraStamp STAMP =
            new CameraStamp("net", START_SECONDS * 1_000_000_000L, Origin.LIVE, "", "camera", 10_000_000);

    private static byte[] picture() {
        ByteBuffer encoded = Plaza.of(PlazaSettings.of(1).withPicture(96, 64, 10))
                .cameras()
                .getFirst()
                .frame(0, JpegEncoder.imageIo(80))
                .payload();
        byte[] jpeg = new byte[encoded.remaining()];
        encoded.get(jpeg);
        return jpeg;
    }

    private static VideoSource camera(LittleRtspServer server, Scheduler scheduler, long timeoutMillis) {
        return VideoSource.network(
                server.address(), STAMP, TimeSource.system(), timeoutMillis, JpegEncoder.imageIo(80), scheduler);
    }

    @Test
    void picturesComeWithTheTimesThatTheCameraReports() throws Exception {
        try (LittleRtspServer server = new LittleRtspServer(picture(), 96, 64, 40, START_SECONDS);
                JpegDecoder decoder = JpegDecoder.imageIo(JpegLimits.DEFAULT);
                PixelPool pool = PixelPool.tracking(1 << 20)) {
            List<EncodedFrame> frames = camera(server, Schedulers.boundedElastic(), 20_000)
                    .open()
                    .take(10)
                    .collectList()
                    .block(Duration.ofSeconds(20));
            assertThat(frames).hasSize(10);
            for (EncodedFrame frame : frames) {
                decoder.decode(frame.payload(), pool).release();
                assertThat(frame.header().width()).isEqualTo(96);
            }
            long first = frames.getFirst().header().time().exposureNanos();
            long last = frames.getLast().header().time().exposureNanos();
            assertThat(first / 1e9).isCloseTo(START_SECONDS + 0.1, within(0.06));
            assertThat((last - first) / 1e9).isCloseTo(0.9, within(0.01));
        }
    }

    @Test
    void aCameraThatFallsSilentIsLeftWhenTheTimeoutHasPassed() throws Exception {
        try (LittleRtspServer server = new LittleRtspServer(picture(), 96, 64, 40, START_SECONDS)) {
            AtomicReference<Throwable> error = new AtomicReference<>();
            CountDownLatch ended = new CountDownLatch(1);
            camera(server, Schedulers.boundedElastic(), 1_500).open().subscribe(f -> {}, e -> {
                error.set(e);
                ended.countDown();
            });
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(error.get()).hasMessageContaining("net");
        }
    }

    @Test
    void cancellingASilentCameraFreesItsThreadWithinASecond() throws Exception {
        Scheduler single = Schedulers.newBoundedElastic(1, 10, "single");
        try (LittleRtspServer server = new LittleRtspServer(picture(), 96, 64, 40, START_SECONDS)) {
            CountDownLatch live = new CountDownLatch(20);
            Disposable running = camera(server, single, 60_000).open().subscribe(f -> live.countDown());
            assertThat(live.await(20, TimeUnit.SECONDS)).isTrue();
            running.dispose();
            CountDownLatch free = new CountDownLatch(1);
            single.schedule(free::countDown);
            assertThat(free.await(1, TimeUnit.SECONDS)).isTrue();
        } finally {
            single.dispose();
        }
    }
}
