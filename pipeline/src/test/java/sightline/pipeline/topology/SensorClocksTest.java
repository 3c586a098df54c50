package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.time.Instants;
import sightline.config.time.Stamp;
import sightline.config.time.StampRules;
import sightline.pipeline.metrics.StampCount;

/** What a stage believes of the clocks of those who wrote its records. */
class SensorClocksTest {
    private static final long MS = 1_000_000;
    private static final long START = Instants.parse("2026-03-01T12:00:00Z");

    private final SensorClocks clocks = new SensorClocks("fusion", StampRules.DOWNSTREAM);

    private static ObservationTime said(long exposure, long received) {
        return new ObservationTime(exposure, 5 * MS, "clock", received, 0);
    }

    @Test
    void whatOurOwnEdgeStampedPassesUntouched() {
        ObservationTime said = said(START, START + 20 * MS);
        assertThat(clocks.mended("cam", Origin.LIVE, said, START + 900 * MS)).isEqualTo(said);
        assertThat(clocks.counts()).isEmpty();
    }

    @Test
    void anUnsetClockIsEstimatedFromTheReceiptThatTheRecordTells() {
        ObservationTime mended = clocks.mended("cam", Origin.LIVE, said(17, START), START + 900 * MS);
        assertThat(mended.exposureNanos()).isEqualTo(START);
        assertThat(mended.sigmaNanos()).isEqualTo(100 * MS);
        assertThat(clocks.counts()).containsExactly(new StampCount("cam", "fusion", Stamp.Verdict.CLOCK_NOT_SET, 1));
    }

    @Test
    void aReplayKeepsItsTimesInWhateverOrder() {
        clocks.mended("cam", Origin.REPLAY, said(START, START), START);
        ObservationTime earlier = said(START - 3_600_000 * MS, 0);
        assertThat(clocks.mended("cam", Origin.REPLAY, earlier, START)).isEqualTo(earlier);
    }

    @Test
    void whatAnotherProcessFinishedLateIsLateAndNotMended() {
        clocks.mended("cam", Origin.LIVE, said(START, START), START);
        ObservationTime late = said(START - 3_000 * MS, START + MS);
        assertThat(clocks.mended("cam", Origin.LIVE, late, START)).isEqualTo(late);
        assertThat(clocks.counts()).containsExactly(new StampCount("cam", "fusion", Stamp.Verdict.LATE, 1));
    }
}
