package sightline.operators.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdentityMetricsTest {
    /** The three-frame example in the manual of py-motmetrics, whose MOTA is 0.5 and MOTP 0.34 (as a distance). */
    @Test
    void clearMotAgreesWithThePublishedExample() {
        double none = 1;
        List<MatchFrame> frames = List.of(
                frame(List.of("a", "b"), List.of("1", "2", "3"), new double[][] {{0.1, none, 0.3}, {0.5, 0.2, 0.3}}),
                frame(List.of("a", "b"), List.of("1"), new double[][] {{0.2}, {0.4}}),
                frame(List.of("a", "b"), List.of("1", "3"), new double[][] {{0.6, 0.2}, {0.1, 0.6}}));
        ClearMot score = ClearMot.of(frames, 0.01);
        assertThat(score.truths()).isEqualTo(6);
        assertThat(score.switches()).isEqualTo(1);
        assertThat(score.falses()).isEqualTo(1);
        assertThat(score.misses()).isEqualTo(1);
        assertThat(score.mota()).isCloseTo(0.5, within(1e-12));
        assertThat(1 - score.motp()).isCloseTo(0.34, within(1e-12));
        assertThat(score.moda()).isCloseTo(1 - 2 / 6.0, within(1e-12));
    }

    @Test
    void perfectTracksScoreOneEverywhere() {
        List<MatchFrame> frames = halves(10, 10);
        assertThat(ClearMot.of(frames, 0.5).mota()).isEqualTo(1);
        assertThat(IdentityScore.of(frames, 0.5).f1()).isEqualTo(1);
        assertThat(Hota.of(frames).hota()).isCloseTo(1, within(1e-12));
    }

    @Test
    void aTrackCutInHalfKeepsDetectionAndLosesHalfTheAssociation() {
        List<MatchFrame> frames = halves(10, 5);
        assertThat(ClearMot.of(frames, 0.5).switches()).isEqualTo(1);
        assertThat(ClearMot.of(frames, 0.5).moda()).isEqualTo(1);
        assertThat(IdentityScore.of(frames, 0.5).f1()).isEqualTo(0.5);
        Hota hota = Hota.of(frames);
        assertThat(hota.detection()).isCloseTo(1, within(1e-12));
        assertThat(hota.association()).isCloseTo(0.5, within(1e-12));
        assertThat(hota.hota()).isCloseTo(Math.sqrt(0.5), within(1e-12));
    }

    @Test
    void pointsHalfAMetreApartAreSimilarByOneHalfOnTheOneMetreScale() {
        MatchFrame frame = MatchFrame.points(
                List.of("a"), List.of(new double[] {0, 0}), List.of("1"), List.of(new double[] {0.3, 0.4}), 1);
        assertThat(frame.similarity()[0][0]).isCloseTo(0.5, within(1e-12));
        assertThat(ClearMot.of(List.of(frame), 0.5).matches()).isEqualTo(1);
    }

    @Test
    void intersectionOverUnionOfQuarterOverlap() {
        assertThat(MatchFrame.iou(new double[] {0, 0, 2, 2}, new double[] {1, 1, 2, 2}))
                .isCloseTo(1 / 7.0, within(1e-12));
        assertThat(MatchFrame.iou(new double[] {0, 0, 1, 1}, new double[] {2, 0, 1, 1}))
                .isZero();
    }

    @Test
    void coverageCountsTruthsInsideTheCut() {
        Calibration calibration = new Calibration(2);
        for (int i = 1; i <= 100; i++) {
            calibration.add(-2 * Math.log(1 - (i - 0.5) / 100));
        }
        assertThat(calibration.coverage(0.1)).isCloseTo(0.9, within(1e-12));
        assertThat(calibration.honestAt(0.05)).isTrue();
        assertThat(calibration.normalisedError()).isCloseTo(1, within(0.05));
    }

    private static List<MatchFrame> halves(int frames, int switchAt) {
        List<MatchFrame> out = new ArrayList<>();
        for (int k = 0; k < frames; k++) {
            out.add(frame(List.of("a"), List.of(k < switchAt ? "1" : "2"), new double[][] {{0}}));
        }
        return out;
    }

    /** Distances to similarities: 1 - d. */
    private static MatchFrame frame(List<String> truth, List<String> estimates, double[][] distance) {
        double[][] similarity = new double[truth.size()][estimates.size()];
        for (int i = 0; i < truth.size(); i++) {
            for (int j = 0; j < estimates.size(); j++) {
                similarity[i][j] = 1 - distance[i][j];
            }
        }
        return new MatchFrame(truth, estimates, similarity);
    }
}
