package sightline.kernels.train;

/**
 * One trained tensor, row-major.
 *
 * @param name its official name
 * @param shape extents, empty for a scalar
 * @param values owned by the {@link Parameters} that holds it; written by the optimiser between steps
 * @param decayed whether weight decay applies: matrices and kernels yes, norms and biases no
 */
public record Parameter(String name, long[] shape, float[] values, boolean decayed) {
    public Parameter {
        long size = 1;
        for (long extent : shape) {
            size *= extent;
        }
        if (size != values.length) {
            throw new IllegalArgumentException(name + ": shape holds " + size + " values, given " + values.length);
        }
    }

    /** A tensor whose decay follows from its rank. */
    public static Parameter of(String name, long[] shape, float[] values) {
        return new Parameter(name, shape, values, shape.length > 1);
    }
}
