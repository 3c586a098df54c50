package sightline.kernels.train;

import java.util.Map;

/**
 * The constants of Adam.
 *
 * @param beta1 memory of the first moment
 * @param beta2 memory of the second moment
 * @param epsilon added to the bias-corrected root
 * @param decay decoupled weight decay
 */
public record Betas(double beta1, double beta2, double epsilon, double decay) {
    /** 0.9, 0.999, 1e-8 and a decay of 0.05, which suits small vision networks. */
    public static final Betas DEFAULT = new Betas(0.9, 0.999, 1e-8, 0.05);

    /** What the update of one step uses, counted from 1. */
    public Step at(long step, double learningRate) {
        return new Step(
                (float) beta1,
                (float) beta2,
                (float) epsilon,
                (float) decay,
                (float) learningRate,
                (float) (1 - Math.pow(beta1, (double) step)),
                (float) Math.sqrt(1 - Math.pow(beta2, (double) step)));
    }

    static float[] gradientOf(Map<String, float[]> gradients, Parameter p) {
        float[] g = gradients.get(p.name());
        if (g == null || g.length != p.values().length) {
            throw new IllegalArgumentException("no gradient of " + p.values().length + " values for " + p.name());
        }
        return g;
    }

    /** The arithmetic of one step, in 32-bit floats, shared by both optimisers so that they differ in storage alone. */
    public record Step(
            float b1, float b2, float epsilon, float decay, float rate, float correction1, float rootCorrection2) {
        float first(float m, float g) {
            return b1 * m + (1 - b1) * g;
        }

        float second(float v, float g) {
            return b2 * v + (1 - b2) * g * g;
        }

        float move(float w, float m, float v, boolean decayed) {
            float denominator = ((float) Math.sqrt(v) / rootCorrection2 + epsilon) * correction1;
            float update = m / denominator;
            if (decayed) {
                update += decay * w;
            }
            return w - rate * update;
        }
    }
}
