package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Receipt;
import sightline.config.domain.Track;

class TickGatheringTest {
    private static final long TICK_NANOS = 100_000_000L;

    private final List<SceneTick> told = new ArrayList<>();
    private final TickGathering gathering = new TickGathering(told::add);

    @Test
    void aTickIsToldAsSoonAsItsEndIsRead() {
        gathering.take(track("a", 7));
        gathering.take(track("b", 7));
        assertThat(told).isEmpty();
        gathering.end(mark(7));
        assertThat(told).singleElement().satisfies(tick -> {
            assertThat(tick.tick()).isEqualTo(7);
            assertThat(tick.timeNanos()).isEqualTo(7 * TICK_NANOS);
            assertThat(tick.tracks()).extracting(Track::id).containsExactly("a", "b");
            assertThat(tick.origin()).isEqualTo(Origin.SIMULATED);
        });
    }

    @Test
    void aTickWithoutTracksSaysThatNobodyIsThere() {
        gathering.take(track("a", 7));
        gathering.end(mark(7));
        gathering.end(mark(8));
        assertThat(told).extracting(SceneTick::tick).containsExactly(7L, 8L);
        assertThat(told.getLast().tracks()).isEmpty();
    }

    @Test
    void whereNoEndIsWrittenTheNextTickEndsTheOneBefore() {
        gathering.take(track("a", 7));
        gathering.take(track("a", 8));
        gathering.take(track("b", 8));
        gathering.take(track("a", 9));
        assertThat(told).extracting(tick -> tick.tracks().size()).containsExactly(1, 2);
    }

    @Test
    void aLostEndLosesNoTracks() {
        gathering.take(track("a", 7));
        gathering.end(mark(8));
        assertThat(told).extracting(SceneTick::tick).containsExactly(7L, 8L);
        assertThat(told.getFirst().tracks()).hasSize(1);
        assertThat(told.getLast().tracks()).isEmpty();
    }

    @Test
    void whatIsWrittenTwiceIsToldOnce() {
        gathering.take(track("a", 7));
        gathering.end(mark(7));
        gathering.take(track("a", 7));
        gathering.end(mark(7));
        gathering.end(mark(6));
        assertThat(told).extracting(SceneTick::tick).containsExactly(7L);
    }

    private static FrameHeader mark(long tick) {
        ObservationTime time = new ObservationTime(tick * TICK_NANOS, 0, "yard", 0, 0);
        return new FrameHeader("yard", 0, tick, time, Origin.SIMULATED, 0, 0, "", "");
    }

    private static Track track(String id, long tick) {
        return new Track(
                "yard",
                id,
                tick,
                tick * TICK_NANOS,
                new double[4],
                new double[16],
                1,
                0,
                ObjectClass.PERSON,
                Track.Phase.CONFIRMED,
                Receipt.NONE,
                Origin.SIMULATED);
    }
}
