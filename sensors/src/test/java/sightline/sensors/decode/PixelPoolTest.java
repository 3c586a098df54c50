package sightline.sensors.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Pixels;

class PixelPoolTest {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void theLastReleaseAndOnlyTheLastBringsTheMemoryBack() {
        try (PixelPool pool = PixelPool.tracking(4 * MEGABYTE)) {
            Pixels pixels = pool.acquire(640, 360);
            pixels.retain().release();
            assertThat(pool.used()).isEqualTo(1);
            pixels.release();
            assertThat(pool.used()).isZero();
            assertThat(pool.usedBytes()).isZero();
        }
    }

    @Test
    void readingAfterTheLastReleaseIsAnErrorEvenIfTheMemoryServesAnother() {
        try (PixelPool pool = PixelPool.tracking(4 * MEGABYTE)) {
            Pixels stale = pool.acquire(640, 360);
            stale.release();
            Pixels fresh = pool.acquire(640, 360);
            assertThatThrownBy(stale::data).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(stale::retain).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(stale::release).hasMessageContaining("more often");
            assertThat(fresh.data().byteSize()).isEqualTo(640 * 360 * 3);
            assertThat(pool.used()).isEqualTo(1);
            fresh.release();
        }
    }

    @Test
    void aFullPoolRefusesAndRecovers() {
        try (PixelPool pool = PixelPool.tracking(2 * MEGABYTE)) {
            Pixels one = pool.acquire(640, 480);
            Pixels two = pool.acquire(640, 480);
            assertThatThrownBy(() -> pool.acquire(640, 480)).isInstanceOf(PixelPoolExhaustedException.class);
            assertThat(pool.used()).isEqualTo(2);
            one.release();
            Pixels three = pool.acquire(640, 480);
            two.release();
            three.release();
            assertThat(pool.allocatedBytes()).isLessThanOrEqualTo(2 * MEGABYTE);
        }
    }

    @Test
    void memoryKeptForAnotherSizeMakesRoom() {
        try (PixelPool pool = PixelPool.tracking(2 * MEGABYTE)) {
            pool.acquire(640, 480).release();
            pool.acquire(320, 240).release();
            Pixels large = pool.acquire(800, 700);
            assertThat(pool.allocatedBytes()).isLessThanOrEqualTo(2 * MEGABYTE);
            large.release();
        }
    }

    @Test
    void memoryIsReusedRatherThanTakenAnew() {
        try (PixelPool pool = PixelPool.tracking(64 * MEGABYTE)) {
            for (int i = 0; i < 1000; i++) {
                pool.acquire(640, 360).release();
            }
            assertThat(pool.allocatedBytes()).isLessThan(MEGABYTE);
        }
    }

    @Test
    void aLeakIsReportedWithThePlaceWhereItBegan() {
        PixelPool pool = PixelPool.tracking(4 * MEGABYTE);
        Pixels forgotten = pool.acquire(64, 64);
        assertThatThrownBy(pool::close).hasMessageContaining("1 pictures").satisfies(e -> assertThat(
                        e.getSuppressed()[0].getStackTrace())
                .anyMatch(s -> s.getMethodName().equals("aLeakIsReportedWithThePlaceWhereItBegan")));
        forgotten.release();
        assertThat(pool.allocatedBytes()).isZero();
    }

    @Test
    void countsStayRightUnderThreads() throws Exception {
        try (PixelPool pool = PixelPool.tracking(16 * MEGABYTE);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Void>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                SplittableRandom random = new SplittableRandom(t);
                Callable<Void> work = () -> {
                    for (int i = 0; i < 2000; i++) {
                        Pixels pixels = pool.acquire(32 + random.nextInt(200), 100);
                        int branches = random.nextInt(3);
                        for (int b = 0; b < branches; b++) {
                            pixels.retain();
                        }
                        for (int b = 0; b <= branches; b++) {
                            pixels.release();
                        }
                    }
                    return null;
                };
                all.add(threads.submit(work));
            }
            for (Future<Void> one : all) {
                one.get();
            }
            assertThat(pool.used()).isZero();
            assertThat(pool.usedBytes()).isZero();
        }
    }
}
