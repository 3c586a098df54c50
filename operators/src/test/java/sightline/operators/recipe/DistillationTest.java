package sightline.operators.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Arrays32;
import sightline.operators.pool.LabeledPose;
import sightline.operators.pool.PoseTarget;

/** Losses against a teacher that looks along: zero where student and teacher agree, and gradients that are derivatives. */
class DistillationTest {
    private static final float STEP = 1e-2f;

    private final Random random = new Random(7);

    @Test
    void streetProbabilitiesAreFollowed() {
        var loss = new StreetLoss(2, 3, 4);
        float[] taught = drawn(24);
        System.arraycopy(taught, 0, loss.logits(), 0, 24);
        assertThat(loss.compute(taught).get("loss")).isCloseTo(0, within(1e-6));
        assertThat(loss.compute(taught).get("agreement")).isEqualTo(1);
        loss.logits()[5] += 1.5f;
        assertThat(loss.compute(taught).get("loss")).isPositive();
        float gradient = loss.gradient()[5];
        assertThat(slope(loss.logits(), 5, () -> loss.compute(taught).get("loss")))
                .isCloseTo(gradient, within(1e-3));
    }

    @Test
    void aStagesDistanceIsRelativeToItsTeachersLength() {
        Tensor cotangent = Tensor.allocate(DType.F32, 1, 2, 2, 2);
        Tensor own = Tensor.allocate(DType.F32, 1, 2, 2, 2);
        Tensor wanted = Tensor.allocate(DType.F32, 1, 2, 2, 2);
        Arrays32.put(new float[] {2, 0, 0, 0, 0, 0, 0, 0}, wanted);
        Arrays32.put(new float[] {1, 0, 0, 0, 0, 0, 0, 1}, own);
        var losses = new java.util.HashMap<String, Double>();
        double loss =
                new FeatureLoss("stage2", cotangent).compute(Map.of("stage2", own), Map.of("stage2", wanted), losses);
        assertThat(loss).isCloseTo((1 + 1) / 4.0, within(1e-6)).isEqualTo(losses.get("stage2"));
        assertThat(Arrays32.get(cotangent)).containsExactly(-0.5f, 0, 0, 0, 0, 0, 0, 0.5f);
    }

    @Test
    void heatOfATeacherIsLearnedAndItsQuietPlacesAreCold() {
        var loss = new PoseLoss(1, 2, 4, 8);
        var nobody = List.of(new PoseTarget(List.of()));
        float[] coarse = new float[2 * 16];
        float[] fine = new float[2 * 64];
        float[] tags = new float[2 * 16];
        coarse[3] = 0.03f;
        assertThat(loss.compute(nobody, coarse, fine, tags).get("loss")).isZero();
        coarse[3] = 1.03f;
        loss.coarse().values()[3] = 0.4f;
        double cold = loss.compute(nobody, coarse, fine, tags).get("loss");
        assertThat(cold).isPositive();
        float gradient = loss.coarse().gradient()[3];
        assertThat(slope(loss.coarse().values(), 3, () -> loss.compute(nobody, coarse, fine, tags)
                        .get("loss")))
                .isCloseTo(gradient, within(1e-2))
                .isNegative();
    }

    @Test
    void tagsStillFollowTheLabels() {
        var loss = new PoseLoss(1, 2, 4, 8);
        var person = new LabeledPose(new float[] {2, 10}, new float[] {2, 10}, new float[] {1, 1});
        loss.coarse().values()[2 * 16] = 1;
        var losses =
                loss.compute(List.of(new PoseTarget(List.of(person))), new float[32], new float[128], new float[32]);
        assertThat(losses.get("pull")).isPositive();
        assertThat(loss.coarse().gradient()[2 * 16]).isPositive();
    }

    @Test
    void tagsFollowTheTeachersWhereItIsSure() {
        var loss = new PoseLoss(1, 2, 4, 8);
        var nobody = List.of(new PoseTarget(List.of()));
        float[] coarse = new float[2 * 16];
        float[] tags = new float[2 * 16];
        coarse[3] = 0.9f;
        tags[3] = 2;
        tags[5] = 7;
        double follow = loss.compute(nobody, coarse, new float[128], tags).get("follow");
        assertThat(follow).isPositive();
        float gradient = loss.coarse().gradient()[2 * 16 + 3];
        assertThat(slope(loss.coarse().values(), 2 * 16 + 3, () -> loss.compute(nobody, coarse, new float[128], tags)
                        .get("follow")))
                .isCloseTo(gradient, within(1e-2))
                .isNegative();
        assertThat(loss.coarse().gradient()[2 * 16 + 5]).isZero();
    }

    private float[] drawn(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double slope(float[] values, int at, java.util.function.DoubleSupplier loss) {
        float before = values[at];
        values[at] = before + STEP;
        double above = loss.getAsDouble();
        values[at] = before - STEP;
        double below = loss.getAsDouble();
        values[at] = before;
        return (above - below) / (2 * STEP);
    }
}
