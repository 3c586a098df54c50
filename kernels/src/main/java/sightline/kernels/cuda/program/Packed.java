package sightline.kernels.cuda.program;

import sightline.kernels.grad.Fp8Activations;

/**
 * What is kept of an array in eight bits: E4M3 codes, and their scales in bfloat16.
 *
 * @param whole whether there is one scale in all, and not one for each {@link #GROUP} neighbours
 */
public record Packed(Slot codes, Slot scales, int[] shape, boolean whole) {
    /** Neighbours that share a scale. */
    public static final int GROUP = (int) Fp8Activations.GROUP;

    /** Bytes a value, its share of the scale included. */
    public static final double BYTES = 1.125;

    /** Values. */
    public int size() {
        return new Array32(null, shape, false).size();
    }
}
