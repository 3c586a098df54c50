package sightline.kernels.cuda.program;

import java.util.Arrays;

/**
 * A walk over a shape with one stride an operand and axis, with as few axes as it takes: axes of length one are left out
 * and neighbours that every operand walks as one are one.
 */
public record Strided(int[] shape, int[][] strides) {
    /** The walk of a shape by operands with these strides along its axes. */
    public static Strided of(int[] shape, int[]... strides) {
        int[] lengths = new int[shape.length];
        int[][] steps = new int[strides.length][shape.length];
        int rank = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] == 1) {
                continue;
            }
            boolean joins = rank > 0;
            for (int o = 0; o < strides.length && joins; o++) {
                joins = steps[o][rank - 1] == strides[o][axis] * shape[axis];
            }
            int at = joins ? rank - 1 : rank++;
            lengths[at] = joins ? lengths[at] * shape[axis] : shape[axis];
            for (int o = 0; o < strides.length; o++) {
                steps[o][at] = strides[o][axis];
            }
        }
        int kept = rank;
        return new Strided(
                Arrays.copyOf(lengths, kept),
                Arrays.stream(steps).map(s -> Arrays.copyOf(s, kept)).toArray(int[][]::new));
    }

    /** The axis that runs fastest; -1 of a walk over one element. */
    public int last() {
        return shape.length - 1;
    }

    /** Whether four neighbours along the last axis can be taken at once: each operand runs over them, or stays. */
    public boolean byFour() {
        return by(4);
    }

    /** The same of as many neighbours as are given. */
    public boolean by(int run) {
        if (shape.length == 0 || shape[last()] % run != 0) {
            return false;
        }
        for (int[] own : strides) {
            if (own[last()] != 0 && own[last()] != 1) {
                return false;
            }
            for (int axis = 0; axis < last(); axis++) {
                if (own[last()] == 1 && own[axis] % run != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The axis along which an operand's elements are neighbours, or -1. */
    public int neighbours(int operand) {
        for (int axis = 0; axis < shape.length; axis++) {
            if (strides[operand][axis] == 1) {
                return axis;
            }
        }
        return -1;
    }

    /** Without some axes. */
    public Strided without(int... axes) {
        int[] left = java.util.stream.IntStream.range(0, shape.length)
                .filter(axis -> Arrays.stream(axes).noneMatch(a -> a == axis))
                .toArray();
        return new Strided(
                Arrays.stream(left).map(a -> shape[a]).toArray(),
                Arrays.stream(strides)
                        .map(own -> Arrays.stream(left).map(a -> own[a]).toArray())
                        .toArray(int[][]::new));
    }

    /** What a kernel is told: the shape, then the strides of each operand. */
    public void tell(Params params) {
        walk(params, shape);
        for (int[] own : strides) {
            params.int32Array(own, Emitter.RANK);
        }
    }

    /** What a kernel is told of a shape alone. */
    public static void walk(Params params, int[] shape) {
        if (shape.length > Emitter.RANK) {
            throw new UnsupportedOperationException("The CUDA engine walks at most " + Emitter.RANK + " axes.");
        }
        params.int32(shape.length).int32Array(shape, Emitter.RANK);
    }
}
