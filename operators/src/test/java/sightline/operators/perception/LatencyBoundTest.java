package sightline.operators.perception;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * How long a frame may wait, with a network that takes its time and cameras that do not care: at most the run that is at
 * work when it comes and the runs that the cameras before it need, whatever their rate. Nothing is waited for to fill a
 * batch. All in virtual time.
 */
class LatencyBoundTest {
    private static final Duration RUN = Duration.ofMillis(70);

    private record Shot(int camera, int number, long bornMillis) {}

    private record Look(Shot shot, long beginMillis, int batch) {}

    private VirtualTimeScheduler clock;
    private final List<Look> looks = new ArrayList<>();
    private final List<Shot> superseded = new ArrayList<>();

    @BeforeEach
    void stopTime() {
        clock = VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void letTimeGo() {
        VirtualTimeScheduler.reset();
    }

    private long now() {
        return clock.now(java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    /** Cameras out of step with each other, each at its own rate near 30 a second. */
    private Flux<Shot> camera(int camera) {
        return Flux.interval(Duration.ofMillis(3L * camera), Duration.ofMillis(29 + camera % 5))
                .map(n -> new Shot(camera, n.intValue(), now()));
    }

    private void play(int cameras, int maxBatch, Duration length) {
        Flux<Shot> shots = Flux.range(0, cameras).flatMap(this::camera, cameras);
        var running = FreshestBatches.of(shots, shot -> "camera-" + shot.camera(), maxBatch, superseded::add)
                .concatMap(
                        batch -> {
                            int number = looks.isEmpty() ? 0 : looks.getLast().batch() + 1;
                            batch.forEach(shot -> looks.add(new Look(shot, now(), number)));
                            return Mono.delay(RUN);
                        },
                        0)
                .subscribe();
        clock.advanceTimeBy(length);
        running.dispose();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 4", "4, 1", "12, 4", "12, 5", "30, 8"})
    void frameWaitsForTheRunAtWorkAndThoseOfTheCamerasBeforeItAndNoLonger(int cameras, int maxBatch) {
        play(cameras, maxBatch, Duration.ofSeconds(5));
        long runs = Math.ceilDiv(cameras, maxBatch);
        assertThat(looks).hasSizeGreaterThan(50);
        assertThat(looks)
                .allSatisfy(look -> assertThat(look.beginMillis() - look.shot().bornMillis())
                        .isLessThanOrEqualTo(runs * RUN.toMillis()));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4, 4", "12, 5", "30, 8"})
    void eachCameraIsSeenInTurnOnceABatchAndNeverBackwards(int cameras, int maxBatch) {
        play(cameras, maxBatch, Duration.ofSeconds(5));
        var last = new int[cameras];
        java.util.Arrays.fill(last, -1);
        var seenAt = new long[cameras];
        var inBatch = new HashSet<Integer>();
        int batch = -1;
        long between = (Math.ceilDiv(cameras, maxBatch) + 1) * RUN.toMillis() + 40;
        for (Look look : looks) {
            Shot shot = look.shot();
            if (look.batch() != batch) {
                batch = look.batch();
                inBatch.clear();
            }
            assertThat(inBatch.add(shot.camera()))
                    .as("one of each camera at work")
                    .isTrue();
            assertThat(shot.number()).isGreaterThan(last[shot.camera()]);
            assertThat(look.beginMillis() - seenAt[shot.camera()]).isLessThanOrEqualTo(between);
            last[shot.camera()] = shot.number();
            seenAt[shot.camera()] = look.beginMillis();
        }
        assertThat(superseded)
                .doesNotContainAnyElementsOf(looks.stream().map(Look::shot).toList());
    }

    /** With room in the batch a lone frame still begins at once. */
    @ParameterizedTest
    @CsvSource({"1", "8"})
    void idleNetworkBeginsWithTheFirstFrame(int maxBatch) {
        play(1, maxBatch, Duration.ofMillis(60));
        assertThat(looks.getFirst().beginMillis())
                .isEqualTo(looks.getFirst().shot().bornMillis());
    }
}
