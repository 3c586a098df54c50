package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Frame;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.operators.perception.Look;
import sightline.sensors.decode.JpegDecoder;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.decode.JpegLimits;
import sightline.sensors.decode.PixelPool;

/** A detector is replaced at work, or the attempt is rolled back; no picture is without a result either way. */
class HotSwapTest {
    private static final int TRIAL = 5;

    private final FakeDetector present = FakeDetector.shifted("present", 0);
    private final SwappableDetector detector =
            new SwappableDetector(present, new DetectorTrial.Terms(TRIAL, 0.8, Double.MAX_VALUE));

    private List<String> digests(int count) {
        FrameHeader header = new FrameHeader(
                "cam-1", 0, 0, new ObservationTime(1, 0, "test", 0, 0), Origin.SIMULATED, 64, 64, "", "");
        List<String> digests = new ArrayList<>();
        try (JpegDecoder decoder = JpegDecoder.best(JpegLimits.DEFAULT);
                PixelPool pool = PixelPool.of(1 << 20)) {
            var jpeg = JpegEncoder.best(80).encode(new byte[3 * 64 * 64], 64, 64);
            for (int i = 0; i < count; i++) {
                try (Frame frame = decoder.decode(new EncodedFrame(header, "image/jpeg", jpeg.duplicate()), pool)) {
                    digests.add(detector.perceive(List.of(frame)).getFirst().model());
                }
            }
        }
        return digests;
    }

    @Test
    void candidateThatAgreesTakesOverAndTheDigestSaysSo() {
        FakeDetector next = FakeDetector.shifted("next", 1);
        assertThat(digests(2)).containsOnly("present");
        detector.propose(next);
        assertThat(digests(TRIAL)).as("the trial is run unheard").containsOnly("present");
        assertThat(digests(2)).containsOnly("next");
        assertThat(detector.identity().digest()).isEqualTo("next");
        assertThat(detector.outcome()).contains("took over", "agreement 1.00");
        assertThat(present.closed).isTrue();
    }

    @Test
    void detectorThatIsStillLookingWhenItLeavesOfficeIsClosedAfterwards() {
        FakeDetector slow = FakeDetector.overlapping("present", Duration.ZERO);
        SwappableDetector office = new SwappableDetector(slow, new DetectorTrial.Terms(0, 0.8, Double.MAX_VALUE));
        Look<Detections> look = office.begin(List.of());
        office.close();
        assertThat(slow.closed).isFalse();
        assertThat(look.results()).isEmpty();
        look.close();
        look.close();
        assertThat(slow.closed).isTrue();
    }

    @Test
    void candidateThatFindsOtherThingsIsRolledBack() {
        FakeDetector next = FakeDetector.shifted("next", 30);
        detector.propose(next);
        assertThat(digests(TRIAL + 3)).containsOnly("present");
        assertThat(detector.outcome()).contains("rolled back", "agreement 0.00");
        assertThat(next.closed).isTrue();
        assertThat(present.closed).isFalse();
    }

    @Test
    void candidateThatFailsIsRolledBackAtOnceAndNoPictureIsLost() {
        FakeDetector next = FakeDetector.broken("next");
        detector.propose(next);
        assertThat(digests(3)).containsExactly("present", "present", "present");
        assertThat(detector.outcome()).contains("rolled back", "no such layer");
        assertThat(next.closed).isTrue();
    }

    @Test
    void candidateThatIsTooSlowIsRolledBack() {
        DetectorTrial trial = new DetectorTrial(new DetectorTrial.Terms(2, 0.5, 1.5));
        Detections some = empty();
        trial.seen(some, 1, some, 1);
        trial.seen(some, 10, some, 20);
        assertThat(trial.over()).isTrue();
        assertThat(trial.passed()).isFalse();
        assertThat(trial.summary()).contains("2.00 times the time");
    }

    private static Detections empty() {
        return new Detections(
                new FrameHeader(
                        "cam-1", 0, 0, new ObservationTime(1, 0, "test", 0, 0), Origin.SIMULATED, 64, 64, "", ""),
                List.of(),
                "none");
    }
}
