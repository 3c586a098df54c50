package sightline.kernels.tensor;

import java.lang.foreign.MemorySegment;

/** Typed access to single elements. */
final class Elements {
    private Elements() {}

    static double get(Tensor t, long i) {
        MemorySegment m = t.data();
        return switch (t.dtype()) {
            case F64 -> m.getAtIndex(Tensor.DOUBLE, i);
            case F32 -> m.getAtIndex(Tensor.FLOAT, i);
            case F16 -> Float.float16ToFloat(m.getAtIndex(Tensor.SHORT, i));
            case BF16 -> SmallFloats.fromBf16(m.getAtIndex(Tensor.SHORT, i));
            case F8E4M3 -> SmallFloats.fromE4M3(m.get(Tensor.BYTE, i));
            case F8E5M2 -> SmallFloats.fromE5M2(m.get(Tensor.BYTE, i));
            case I64, I32, I8, U8, BOOL -> (double) getLong(t, i);
        };
    }

    static void set(Tensor t, long i, double value) {
        MemorySegment m = t.data();
        switch (t.dtype()) {
            case F64 -> m.setAtIndex(Tensor.DOUBLE, i, value);
            case F32 -> m.setAtIndex(Tensor.FLOAT, i, (float) value);
            case F16 -> m.setAtIndex(Tensor.SHORT, i, Float.floatToFloat16((float) value));
            case BF16 -> m.setAtIndex(Tensor.SHORT, i, SmallFloats.toBf16((float) value));
            case F8E4M3 -> m.set(Tensor.BYTE, i, SmallFloats.toE4M3((float) value));
            case F8E5M2 -> m.set(Tensor.BYTE, i, SmallFloats.toE5M2((float) value));
            case BOOL -> setLong(t, i, value != 0 ? 1 : 0);
            case I64, I32, I8, U8 -> setLong(t, i, (long) value);
        }
    }

    static long getLong(Tensor t, long i) {
        MemorySegment m = t.data();
        return switch (t.dtype()) {
            case I64 -> m.getAtIndex(Tensor.LONG, i);
            case I32 -> m.getAtIndex(Tensor.INT, i);
            case I8 -> m.get(Tensor.BYTE, i);
            case U8, BOOL -> m.get(Tensor.BYTE, i) & 0xff;
            case F64, F32, F16, BF16, F8E4M3, F8E5M2 -> throw new IllegalStateException(t + " holds no integers");
        };
    }

    static void setLong(Tensor t, long i, long value) {
        MemorySegment m = t.data();
        switch (t.dtype()) {
            case I64 -> m.setAtIndex(Tensor.LONG, i, value);
            case I32 -> m.setAtIndex(Tensor.INT, i, (int) value);
            case I8, U8, BOOL -> m.set(Tensor.BYTE, i, (byte) value);
            case F64, F32, F16, BF16, F8E4M3, F8E5M2 -> set(t, i, (double) value);
        }
    }

    static void convert(Tensor from, Tensor to) {
        boolean whole = !from.dtype().isReal() && !to.dtype().isReal() && to.dtype() != DType.BOOL;
        for (long i = 0; i < from.size(); i++) {
            if (whole) {
                setLong(to, i, getLong(from, i));
            } else {
                set(to, i, get(from, i));
            }
        }
    }
}
