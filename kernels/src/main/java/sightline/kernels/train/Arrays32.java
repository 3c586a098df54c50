package sightline.kernels.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import sightline.kernels.tensor.Tensor;

/** Between float arrays and float32 tensors. */
public final class Arrays32 {
    private Arrays32() {}

    public static void put(float[] values, Tensor tensor) {
        MemorySegment.copy(values, 0, tensor.data(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
    }

    public static float[] get(Tensor tensor) {
        float[] values = new float[(int) tensor.size()];
        get(tensor, values);
        return values;
    }

    public static void get(Tensor tensor, float[] values) {
        MemorySegment.copy(tensor.data(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
    }
}
