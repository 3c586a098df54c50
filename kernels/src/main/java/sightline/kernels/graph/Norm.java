package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.List;

/** Normalisations. Variances are biased; scale and bias are vectors along the normalised or the channel axis. */
public sealed interface Norm extends Op {

    /**
     * Batch normalisation over channel axis 1. Inputs: x, scale, bias, running mean, running variance.
     *
     * <p>{@code training} false: one output, normalised with the running statistics. True: normalised with the batch's
     * own, and five outputs: y, batch mean, batch variance (biased), and the updated running mean and variance {@code r +
     * momentum (batch - r)}, where the running variance takes the unbiased estimate, as frameworks do.
     */
    record BatchNorm(double epsilon, double momentum, boolean training) implements Norm {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 5, 5);
            TensorType x = inputs.getFirst();
            Infer.real(this, x);
            GraphException.require(x.shape().rank() >= 2, "%s needs a channel axis, not %s", this, x);
            vectors(this, inputs, x.shape().dim(1));
            List<TensorType> outputs = new ArrayList<>(List.of(x));
            for (int i = 0; training && i < 4; i++) {
                outputs.add(x.with(Shape.of(x.shape().dim(1))));
            }
            return outputs;
        }

        public BatchNorm withTraining(boolean meaning) {
            return new BatchNorm(epsilon, momentum, meaning);
        }
    }

    /** Layer normalisation over one axis. Inputs: x, and optionally scale and bias. */
    record LayerNorm(int axis, double epsilon) implements Norm {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return along(this, inputs, axis);
        }
    }

    /** {@code x / √(mean x² + ε)} over one axis. Inputs: x, and optionally scale and bias. */
    record RmsNorm(int axis, double epsilon) implements Norm {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return along(this, inputs, axis);
        }
    }

    /** Group normalisation over channel axis 1 and all later axes. Inputs: x, and optionally scale and bias. */
    record GroupNorm(int groups, double epsilon) implements Norm {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Dim channels = inputs.getFirst().shape().dim(1);
            GraphException.require(
                    !channels.isKnown() || channels.length() % groups == 0, "%s: %s channels", this, channels);
            return along(this, inputs, 1);
        }
    }

    private static List<TensorType> along(Op op, List<TensorType> inputs, int axis) {
        Infer.arity(op, inputs, 1, 3);
        TensorType x = inputs.getFirst();
        Infer.real(op, x);
        vectors(op, inputs, x.shape().dim(axis));
        return List.of(x);
    }

    private static void vectors(Op op, List<TensorType> inputs, Dim length) {
        for (TensorType vector : inputs.subList(1, inputs.size())) {
            Infer.rank(op, vector, 1);
            Infer.same(op, inputs.getFirst(), vector);
            Infer.equal(op, "normalised length", vector.shape().dim(0), length);
        }
    }
}
