package sightline.sensors.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.SensorStatus.State;
import sightline.config.time.TimeSource;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.PlazaSettings;

class FleetTest {
    private final Scheduler timer = Schedulers.newSingle("source-timer");
    private final Fleet fleet = new Fleet();

    @AfterEach
    void stop() {
        fleet.close();
        timer.dispose();
    }

    private <T> SupervisedSource<T> supervised(Source<T> source, SourcePolicy policy) {
        return new SupervisedSource<>(source, policy, Origin.SIMULATED, TimeSource.system(), timer);
    }

    @Test
    void addingAndRemovingOneNeverDisturbsAnother() {
        AtomicInteger opened = new AtomicInteger();
        AtomicLong steady = new AtomicLong();
        fleet.add(
                supervised(
                        Fakes.attempts("steady", opened, n -> Flux.interval(Duration.ofMillis(2), timer)),
                        SourcePolicy.CAMERA),
                flux -> flux.doOnNext(steady::set));
        for (int i = 0; i < 50; i++) {
            String name = "guest-" + i;
            Flux<Long> behaviour = i % 3 == 0
                    ? Flux.error(new IOException("refused"))
                    : i % 3 == 1 ? Flux.never() : Flux.interval(Duration.ofMillis(1), timer);
            fleet.add(
                    supervised(Fakes.attempts(name, new AtomicInteger(), n -> behaviour), SourcePolicy.CAMERA), f -> f);
            assertThat(fleet.remove(name)).isTrue();
        }
        long before = steady.get();
        await().atMost(Duration.ofSeconds(5)).until(() -> steady.get() > before + 10);
        assertThat(opened).hasValue(1);
        assertThat(fleet.names()).containsExactly("steady");
    }

    @Test
    void twoSourcesOfOneNameAreRefused() {
        Source<Long> source = Fakes.attempts("cam", new AtomicInteger(), n -> Flux.never());
        fleet.add(supervised(source, SourcePolicy.CAMERA), f -> f);
        assertThatThrownBy(() -> fleet.add(supervised(source, SourcePolicy.CAMERA), f -> f))
                .hasMessageContaining("cam");
    }

    @Test
    void removalIsSeenByThoseWhoWatch() {
        List<SensorStatus> seen = new CopyOnWriteArrayList<>();
        fleet.statuses().subscribe(seen::add);
        fleet.add(
                supervised(Fakes.attempts("cam", new AtomicInteger(), n -> Flux.never()), SourcePolicy.CAMERA), f -> f);
        fleet.remove("cam");
        assertThat(seen)
                .extracting(SensorStatus::state)
                .contains(State.CONNECTING)
                .endsWith(State.REMOVED);
        assertThat(fleet.remove("cam")).isFalse();
    }

    @Test
    void aThousandSourcesComeAndGoWithoutLeavingAnythingBehind(@TempDir Path folder) throws IOException {
        ByteBuffer jpeg = Plaza.of(PlazaSettings.of(1).withPicture(96, 64, 10))
                .cameras()
                .getFirst()
                .frame(0, JpegEncoder.imageIo(80))
                .payload();
        byte[] bytes = new byte[jpeg.remaining()];
        jpeg.get(bytes);
        Files.write(folder.resolve("1.jpg"), bytes);
        cycles(folder, 100);
        Usage before = Usage.now();
        cycles(folder, 1000);
        Usage after = Usage.now();
        assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 4);
        assertThat(after.files()).isLessThanOrEqualTo(before.files() + 4);
        assertThat(after.direct()).isLessThanOrEqualTo(before.direct() + (1 << 20));
    }

    private void cycles(Path folder, int count) {
        for (int i = 0; i < count; i++) {
            AtomicInteger frames = new AtomicInteger();
            Source<?> source = new ImageFolderSource(
                    folder, CameraStamp.replay("cam", i), 0, 10, JpegEncoder.imageIo(80), Schedulers.boundedElastic());
            fleet.add(supervised(source, SourcePolicy.CAMERA), flux -> flux.doOnNext(f -> frames.incrementAndGet()));
            if (i % 10 == 0) {
                await().pollInterval(Duration.ofMillis(1))
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> frames.get() > 0);
            }
            fleet.remove("cam");
        }
    }

    /** What leaks when sources leak. */
    private record Usage(int threads, long files, long direct) {
        static Usage now() {
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getOpenFileDescriptorCount()
                    : 0;
            long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(p -> p.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            return new Usage(threads, files, direct);
        }
    }
}
