package sightline.operators.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;
import sightline.operators.evaluate.DetectionEvaluation.Claim;
import sightline.operators.evaluate.DetectionEvaluation.Truth;

class PrecisionRecallTest {
    /** Two truths; claims in order hit, miss, hit: precision 1 up to recall 1/2, then 2/3. */
    @Test
    void handWorkedAveragePrecision() {
        var curve = new PrecisionRecall(0.5);
        curve.add(new double[] {0.9, 0.8, 0.7}, new double[][] {{0.9, 0}, {0, 0}, {0, 0.6}}, new boolean[2]);
        assertThat(curve.average()).isCloseTo((51 * 1.0 + 50 * 2.0 / 3) / 101, within(1e-12));
    }

    @Test
    void aTruthIsFoundOnceAndTheBestScoredClaimChoosesFirst() {
        var curve = new PrecisionRecall(0.5);
        curve.add(new double[] {0.5, 0.9}, new double[][] {{0.99}, {0.6}}, new boolean[1]);
        assertThat(curve.at(0.7)).isEqualTo(new WorkingPoint(0.7, 1, 1));
        assertThat(curve.at(0.1).precision()).isEqualTo(0.5);
    }

    @Test
    void aClaimOnAnIgnoredTruthCountsNeitherWay() {
        var curve = new PrecisionRecall(0.5);
        curve.add(new double[] {0.9, 0.8}, new double[][] {{0, 0.9}, {0.8, 0}}, new boolean[] {false, true});
        assertThat(curve.truths()).isEqualTo(1);
        assertThat(curve.average()).isCloseTo(1, within(1e-12));
    }

    @Test
    void picturesAreRankedTogether() {
        var curve = new PrecisionRecall(0.5);
        curve.add(new double[] {0.3}, new double[][] {{0.9}}, new boolean[1]);
        curve.add(new double[] {0.6}, new double[][] {{0.1}}, new boolean[1]);
        assertThat(curve.average()).isCloseTo(51 * 0.5 / 101, within(1e-12));
    }

    @Test
    void nothingToFindIsNotANumberAndNothingFoundIsZero() {
        var curve = new PrecisionRecall(0.5);
        assertThat(curve.average()).isNaN();
        curve.add(new double[0], new double[0][], new boolean[1]);
        assertThat(curve.average()).isZero();
    }

    @Test
    void apAveragesTenOverlaps() {
        var evaluation = new DetectionEvaluation();
        var truth = new Box(0, 0, 10, 10);
        evaluation.add(
                List.of(new Claim(ObjectClass.CAR, 0.9, new Box(0, 0, 10, 7.2))),
                List.of(new Truth(ObjectClass.CAR, truth, false)));
        assertThat(evaluation.ap50(ObjectClass.CAR)).isEqualTo(1);
        assertThat(evaluation.ap(ObjectClass.CAR)).isCloseTo(0.5, within(1e-9));
        assertThat(evaluation.ap50(ObjectClass.BUS)).isNaN();
        assertThat(evaluation.meanAp50()).isEqualTo(1);
    }

    @Test
    void keypointSimilarityFollowsItsFormula() {
        var evaluation = new KeypointEvaluation(new double[] {0.05, 0.1});
        var truth = new KeypointEvaluation.Truth(
                new double[] {10, 20}, new double[] {10, 20}, new boolean[] {true, true}, 400);
        var claim = new KeypointEvaluation.Claim(0.9, new double[] {12, 20}, new double[] {10, 20});
        double first = Math.exp(-4 / (2 * 400 * 4 * 0.0025));
        assertThat(evaluation.similarity(claim, truth)).isCloseTo((first + 1) / 2, within(1e-12));
        evaluation.add(List.of(claim), List.of(truth));
        assertThat(evaluation.ap50()).isEqualTo(1);
    }

    @Test
    void meanIouOfThreePixels() {
        var score = new MeanIou(3);
        score.add(new int[] {0, 1, 1, 2}, new int[] {0, 0, 1, -1});
        assertThat(score.iou(0)).isEqualTo(0.5);
        assertThat(score.iou(1)).isEqualTo(0.5);
        assertThat(score.iou(2)).isNaN();
        assertThat(score.mean()).isEqualTo(0.5);
        assertThat(score.agreement()).isCloseTo(2.0 / 3, within(1e-12));
    }
}
