package sightline.kernels.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentLossTest {
    private final Parameters parameters = new Parameters(List.of(
            Parameter.of("w", new long[] {3, 128}, new float[3 * 128]),
            Parameter.of("b", new long[] {5}, new float[5])));

    @Test
    void valuesThatEightBitsHoldExactlyLoseNothing() {
        var optimizer = new AdamW(parameters, Betas.DEFAULT);
        optimizer.restore(state(i -> i % 2 == 0 ? 1 : 0.5f, i -> 4));
        MomentLoss loss = MomentLoss.of(optimizer.state(), false);
        assertThat(loss.first().relative()).isZero();
        assertThat(loss.update()).isZero();
    }

    @Test
    void aValueFarBelowItsGroupsLargestVanishesWithoutExpansionAndStaysWithIt() {
        OptimizerState state = state(i -> i % 128 == 7 ? 1e-7f : 1, i -> 1);
        MomentLoss plain = MomentLoss.of(state, false);
        // One in each group of 128; the bias' five values have none.
        assertThat(plain.first().vanished()).isCloseTo(3.0 / (3 * 128 + 5), within(1e-9));
        assertThat(MomentLoss.of(state, true).first().vanished()).isZero();
        assertThat(plain.second().relative()).isZero();
    }

    @Test
    void expansionLosesLessOnMomentsOfNarrowRange() {
        var random = new Random(3);
        OptimizerState state = state(i -> (float) Math.exp(0.7 * random.nextGaussian()), i -> 1);
        assertThat(MomentLoss.of(state, true).first().relative())
                .isLessThan(0.6 * MomentLoss.of(state, false).first().relative());
    }

    @Test
    void momentsThatAreInEightBitsAlreadyAreRefused() {
        OptimizerState state = new CoatAdamW(parameters, Betas.DEFAULT).state();
        assertThatThrownBy(() -> MomentLoss.of(state, true)).hasMessageContaining("coat-adamw");
    }

    private interface Value {
        float at(int i);
    }

    private OptimizerState state(Value first, Value second) {
        OptimizerState state = new AdamW(parameters, Betas.DEFAULT).state();
        for (Map.Entry<String, float[]> e : state.floats().entrySet()) {
            Value value = e.getKey().startsWith("m/") ? first : second;
            for (int i = 0; i < e.getValue().length; i++) {
                e.getValue()[i] = value.at(i);
            }
        }
        return state;
    }
}
