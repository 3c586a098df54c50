package sightline.kernels.cuda.program;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Converts between tensors of any type and the device's 4-byte elements. */
public final class HostArrays {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private HostArrays() {}

    /** Whether the device keeps a type in integers. */
    public static boolean whole(DType dtype) {
        return !dtype.isReal();
    }

    /** Copies a tensor into memory in the device's form. */
    public static void store(Tensor tensor, MemorySegment device) {
        if (tensor.dtype() == DType.F32 || tensor.dtype() == DType.I32) {
            MemorySegment.copy(tensor.data(), 0, device, 0, tensor.bytes());
            return;
        }
        for (long i = 0; i < tensor.size(); i++) {
            if (tensor.dtype().isReal()) {
                device.setAtIndex(FLOAT, i, (float) tensor.get(i));
            } else {
                device.setAtIndex(INT, i, exact(tensor.getLong(i)));
            }
        }
    }

    private static int exact(long value) {
        if (value != (int) value) {
            throw new IllegalArgumentException(
                    "The CUDA engine holds integers in 32 bits; " + value + " does not fit.");
        }
        return (int) value;
    }

    /** Copies memory in the device's form into a tensor. */
    public static void load(MemorySegment device, Tensor tensor) {
        if (tensor.dtype() == DType.F32 || tensor.dtype() == DType.I32) {
            MemorySegment.copy(device, 0, tensor.data(), 0, tensor.bytes());
            return;
        }
        for (long i = 0; i < tensor.size(); i++) {
            if (tensor.dtype().isReal()) {
                tensor.set(i, device.getAtIndex(FLOAT, i));
            } else {
                tensor.setLong(i, device.getAtIndex(INT, i));
            }
        }
    }
}
