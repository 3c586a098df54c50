package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When ticks are closed, on the clock and by the data alone. Times are in milliseconds, ticks are 100 ms. */
class PaceTest {
    private static final long MS = 1_000_000;
    private static final long TICK = 100 * MS;

    private final LivePace live = new LivePace(TICK, LivePace.Bounds.DEFAULT);

    private void heard(String sensor, long exposure, long now) {
        live.heard(sensor, exposure * MS, now * MS);
    }

    private OptionalLong due(long last, long now) {
        return live.due(last, now * MS);
    }

    /** A sensor that exposes every {@code period} and is heard {@code delay} later. */
    private void steady(String sensor, long first, long period, long delay, long upTo) {
        for (long t = first; t <= upTo; t += period) {
            heard(sensor, t, t + delay);
        }
    }

    @Test
    void tickIsClosedAtOnceWhenTheNextPictureIsTakenAfterIt() {
        steady("a", 1000, 167, 60, 1835);
        assertThat(due(18, 1899)).as("before the tick's own time").isEmpty();
        assertThat(due(18, 1901)).as("the next picture is due at 2002").hasValue(19);
    }

    @Test
    void pictureTakenBeforeTheTickIsWaitedForAsLongAsItUsuallyTakes() {
        steady("a", 1000, 167, 60, 1668);
        assertThat(due(18, 1905)).as("the picture of 1835 is still to come").isEmpty();
        assertThat(due(18, 1945)).as("the least deadline has not passed").isEmpty();
        assertThat(due(18, 1975)).hasValue(19);
    }

    @Test
    void deadlineFollowsSlowSensorsUpToItsBound() {
        steady("a", 1000, 167, 400, 1668);
        assertThat(due(18, 2030)).isEmpty();
        assertThat(due(18, 2045)).hasValue(19);
    }

    @Test
    void silentSensorIsNotWaitedFor() {
        heard("dead", 1000, 1010);
        steady("a", 1900, 20, 5, 2480);
        assertThat(due(23, 2501)).hasValue(24);
    }

    @Test
    void clockThatRunsAheadClosesNoTickOfTheFuture() {
        steady("ahead", 60_000, 100, 0, 61_000);
        assertThat(due(9, 1050)).hasValue(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void replayClosesTheSameTicksWhateverTheOrderOfArrival(long seed) {
        assertThat(replayed(new SplittableRandom(seed))).isEqualTo(replayed(new SplittableRandom(99)));
    }

    /** Three sensors, each in order, mixed at random; ticks as they are closed, with what had been heard by then. */
    private static List<Long> replayed(SplittableRandom random) {
        ReplayPace pace = new ReplayPace(TICK, 1000 * MS, List.of("a", "b", "c"));
        long[] next = {1000, 1030, 1070};
        String[] names = {"a", "b", "c"};
        List<Long> closed = new ArrayList<>();
        long last = Long.MIN_VALUE;
        while (next[0] < 3000 || next[1] < 3000 || next[2] < 3000) {
            int who = random.nextInt(3);
            if (next[who] >= 3000) {
                continue;
            }
            pace.heard(names[who], next[who] * MS, random.nextLong(Long.MAX_VALUE));
            next[who] += 90 + 10 * who;
            for (OptionalLong due = pace.due(last, 0); due.isPresent(); due = pace.due(last, 0)) {
                last = due.getAsLong();
                long time = last * 100;
                assertThat(Arrays.stream(next).min().orElseThrow())
                        .as("the earliest that is still to come at tick %d", last)
                        .isGreaterThan(time);
                closed.add(last);
            }
        }
        return closed;
    }

    @Test
    void replayWaitsForEverySensorAndBeginsWhereItIsTold() {
        ReplayPace pace = new ReplayPace(TICK, 950 * MS, List.of("a", "b"));
        pace.heard("a", 5000 * MS, 0);
        assertThat(pace.due(Long.MIN_VALUE, Long.MAX_VALUE)).isEmpty();
        pace.heard("b", 1150 * MS, 0);
        assertThat(pace.due(Long.MIN_VALUE, 0)).hasValue(10);
        assertThat(pace.due(10, 0)).hasValue(11);
        assertThat(pace.due(11, 0)).isEmpty();
    }

    @Test
    void replayGoesOnPastASensorThatSaysItIsQuiet() {
        ReplayPace pace = new ReplayPace(TICK, 950 * MS, List.of("a", "b"));
        pace.heard("a", 5000 * MS, 0);
        pace.heard("b", 1050 * MS, 0);
        assertThat(pace.due(10, 0)).isEmpty();
        pace.quiet("b", 2050 * MS);
        assertThat(pace.due(10, 0)).hasValue(11);
        assertThat(pace.due(19, 0)).hasValue(20);
        assertThat(pace.due(20, 0)).isEmpty();
    }

    @Test
    void aQuietSensorHoldsNoTickThatItsHeartbeatCovers() {
        steady("a", 1000, 167, 60, 1835);
        heard("quiet", 1250, 1260);
        assertThat(due(18, 1915)).as("the least deadline has not passed").isEmpty();
        live.quiet("quiet", 1910 * MS);
        assertThat(due(18, 1915)).hasValue(19);
    }

    @Test
    void usualDelayTracksNineInTen() {
        SensorPace pace = new SensorPace();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 5000; i++) {
            pace.heard(i * 100 * MS, i * 100 * MS + random.nextLong(100 * MS));
        }
        assertThat(Duration.ofNanos(pace.usualDelay()).toMillis()).isBetween(75L, 99L);
    }
}
