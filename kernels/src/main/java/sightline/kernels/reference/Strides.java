package sightline.kernels.reference;

/** Walks of multi-dimensional indices. */
final class Strides {
    private Strides() {}

    /** Row-major strides. */
    static int[] of(int[] shape) {
        int[] strides = new int[shape.length];
        int step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= shape[i];
        }
        return strides;
    }

    /** Strides of {@code shape} seen from the broadcast shape: 0 along repeated axes. */
    static int[] broadcast(int[] shape, int[] to) {
        int[] own = of(shape);
        int[] strides = new int[to.length];
        int shift = to.length - shape.length;
        for (int i = 0; i < shape.length; i++) {
            strides[i + shift] = shape[i] == 1 ? 0 : own[i];
        }
        return strides;
    }

    /** For every index of {@code shape} in row-major order, its offset {@code base + Σ strides·index}. */
    static int[] offsets(int[] shape, int[] strides, int base) {
        int count = 1;
        for (int d : shape) {
            count *= d;
        }
        int[] offsets = new int[count];
        int[] at = new int[shape.length];
        int offset = base;
        for (int i = 0; i < count; i++) {
            offsets[i] = offset;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                offset += strides[axis];
                if (++at[axis] < shape[axis]) {
                    break;
                }
                offset -= strides[axis] * shape[axis];
                at[axis] = 0;
            }
        }
        return offsets;
    }
}
