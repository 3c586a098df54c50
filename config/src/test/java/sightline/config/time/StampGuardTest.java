package sightline.config.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.time.Stamp.Verdict;

class StampGuardTest {

    private static final long MS = 1_000_000L;
    private static final long HOUR = 3_600_000L * MS;
    private static final long START = Instants.parse("2026-03-01T12:00:00Z");

    private final StampGuard guard = new StampGuard(StampRules.CAMERA);

    @Test
    void stampsInOrderPassUntouched() {
        for (int i = 0; i < 100; i++) {
            assertThat(guard.accept(START + i * 33 * MS, START + i * 33 * MS + 5 * MS))
                    .isEqualTo(new Stamp(START + i * 33 * MS, 0, Verdict.IN_ORDER));
        }
        assertThat(guard.anomalies()).isZero();
    }

    @Test
    void aCameraThatRebootsInto1970RunsOn() {
        accept(0, 0);
        Stamp rebooted = guard.accept(3_000 * MS, START + 40 * MS);
        Stamp next = guard.accept(3_040 * MS, START + 80 * MS);

        assertThat(rebooted.nanos()).isEqualTo(START + 40 * MS);
        assertThat(rebooted.verdict()).isEqualTo(Verdict.CLOCK_NOT_SET);
        assertThat(next.nanos()).isEqualTo(START + 80 * MS);
        assertThat(guard.count(Verdict.CLOCK_NOT_SET)).isEqualTo(2);
    }

    @Test
    void aCameraThatWasNeverSetIsStampedOnArrival() {
        Stamp first = guard.accept(17, START);

        assertThat(first).isEqualTo(new Stamp(START, START - 17, Verdict.CLOCK_NOT_SET));
        assertThat(first.rebased()).isTrue();
    }

    @Test
    void secondsThatWrapIn2106AreNotBelieved() {
        accept(0, 0);
        Stamp wrapped = guard.accept(Instants.parse("2106-02-07T06:28:15Z"), START + 40 * MS);

        assertThat(wrapped.verdict()).isEqualTo(Verdict.CLOCK_NOT_SET);
        assertThat(wrapped.nanos()).isEqualTo(START + 40 * MS);
    }

    @Test
    void aClockThatJumpsAnHourAheadAndBackEndsOnItsOwnTime() {
        accept(0, 0);
        assertThat(accept(40, HOUR)).isEqualTo(new Stamp(START + 40 * MS, -HOUR, Verdict.JUMPED_AHEAD));
        assertThat(accept(80, HOUR)).isEqualTo(new Stamp(START + 80 * MS, -HOUR, Verdict.IN_ORDER));
        assertThat(accept(120, 0)).isEqualTo(new Stamp(START + 120 * MS, 0, Verdict.RECOVERED));
        assertThat(accept(160, 0)).isEqualTo(new Stamp(START + 160 * MS, 0, Verdict.IN_ORDER));
    }

    @Test
    void aClockThatJumpsAnHourBackAndAheadEndsOnItsOwnTime() {
        accept(0, 0);
        assertThat(accept(40, -HOUR)).isEqualTo(new Stamp(START + 40 * MS, HOUR, Verdict.JUMPED_BACK));
        assertThat(accept(80, -HOUR)).isEqualTo(new Stamp(START + 80 * MS, HOUR, Verdict.IN_ORDER));
        assertThat(accept(120, 0)).isEqualTo(new Stamp(START + 120 * MS, 0, Verdict.RECOVERED));
    }

    @Test
    void nothingIsExposedAfterItArrived() {
        accept(0, 0);
        // The jump arrives 800 ms late, so the shift is too large by that.
        guard.accept(START + 100 * MS - HOUR, START + 900 * MS);
        Stamp next = guard.accept(START + 1000 * MS - HOUR, START + 1010 * MS);
        assertThat(next).isEqualTo(new Stamp(START + 1010 * MS, HOUR + 10 * MS, Verdict.IN_ORDER));
        assertThat(guard.accept(START + 1100 * MS - HOUR, START + 1120 * MS).nanos())
                .isEqualTo(START + 1110 * MS);
    }

    @Test
    void aRepeatedStampMovesJustPastTheLastAndShiftsNothing() {
        accept(0, 0);
        assertThat(guard.accept(START, START + 40 * MS).nanos()).isEqualTo(START + 1);
        assertThat(guard.accept(START - 20 * MS, START + 60 * MS).nanos()).isEqualTo(START + 2);
        assertThat(accept(80, 0)).isEqualTo(new Stamp(START + 80 * MS, 0, Verdict.IN_ORDER));
        assertThat(guard.count(Verdict.NOT_MONOTONIC)).isEqualTo(2);
    }

    @Test
    void aSilenceIsNoJump() {
        accept(0, 0);
        assertThat(accept(HOUR / MS, 0).verdict()).isEqualTo(Verdict.IN_ORDER);
    }

    @Test
    void anOldReplayFasterThanRealTimeIsInOrder() {
        long old = Instants.parse("2009-06-11T10:00:00Z");
        for (int i = 0; i < 1000; i++) {
            assertThat(guard.accept(old + i * 500 * MS, START + i * MS).verdict())
                    .isEqualTo(Verdict.IN_ORDER);
        }
    }

    @Test
    void aLateScanOfARadarKeepsItsTime() {
        StampGuard radar = new StampGuard(StampRules.SCANNER);
        radar.accept(START, START);
        radar.accept(START + 1000 * MS, START + 1000 * MS);

        assertThat(radar.accept(START + 400 * MS, START + 1100 * MS))
                .isEqualTo(new Stamp(START + 400 * MS, 0, Verdict.LATE));
        assertThat(radar.accept(START + 1200 * MS, START + 1200 * MS).verdict()).isEqualTo(Verdict.IN_ORDER);
    }

    @Test
    void aGapReadLateIsBelievedWhereTheStampAgreesWithTheReceiver() {
        long now = START + HOUR;
        assertThat(guard.accept(START, now)).isEqualTo(new Stamp(START, 0, Verdict.IN_ORDER));
        assertThat(guard.accept(START + HOUR - 50 * MS, now + MS))
                .isEqualTo(new Stamp(START + HOUR - 50 * MS, 0, Verdict.RECOVERED));
        assertThat(guard.accept(START + HOUR, now + 60 * MS).verdict()).isEqualTo(Verdict.IN_ORDER);
    }

    @Test
    void aClockThatIsSetRightAfterAnHourBehindIsBelieved() {
        guard.accept(START - HOUR, START);
        assertThat(accept(40, 0)).isEqualTo(new Stamp(START + 40 * MS, 0, Verdict.RECOVERED));
    }

    @Test
    void theReceiversOwnClockSetBackDoesNoHarm() {
        accept(0, 0);
        assertThat(guard.accept(START + 40 * MS, START - HOUR))
                .isEqualTo(new Stamp(START + 40 * MS, 0, Verdict.IN_ORDER));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverTheClockSaysTimeOnlyRunsForwards(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long last = Long.MIN_VALUE;
        long received = START;
        long anomalies = 0;
        for (int i = 0; i < 20_000; i++) {
            received += random.nextLong(50 * MS);
            long raw = random.nextInt(10) == 0 ? random.nextLong() : received - random.nextLong(100 * MS);
            Stamp stamp = guard.accept(raw, received);
            assertThat(stamp.nanos()).isGreaterThan(last);
            assertThat(raw + stamp.shiftNanos()).isEqualTo(stamp.nanos());
            assertThat(Math.abs(stamp.nanos() - received)).isLessThan(60_000 * MS);
            anomalies += stamp.verdict() == Verdict.IN_ORDER ? 0 : 1;
            last = stamp.nanos();
        }
        assertThat(guard.anomalies()).isEqualTo(anomalies);
    }

    /** A frame of the given age in milliseconds since the start, from a clock that is off by so many nanoseconds. */
    private Stamp accept(long millis, long off) {
        return guard.accept(START + millis * MS + off, START + millis * MS);
    }
}
