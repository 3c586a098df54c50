package sightline.kernels.reference;

import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.SmallFloats;

/** The nearest number that a type can hold. */
final class Rounding {
    private Rounding() {}

    static double to(DType dtype, double value) {
        float single = (float) value;
        return switch (dtype) {
            case F64 -> value;
            case F32 -> single;
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(single));
            case BF16 -> SmallFloats.fromBf16(SmallFloats.toBf16(single));
            case F8E4M3 -> SmallFloats.fromE4M3(SmallFloats.toE4M3(single));
            case F8E5M2 -> SmallFloats.fromE5M2(SmallFloats.toE5M2(single));
            case I64, I32, I8, U8, BOOL -> throw new IllegalArgumentException(dtype + " is not rounded to");
        };
    }

    /** The integer that a cast gives: truncation, then the low bits that the type keeps. */
    static long wrap(DType dtype, long value) {
        return switch (dtype) {
            case I64 -> value;
            case I32 -> (int) value;
            case I8 -> (byte) value;
            case U8 -> value & 0xff;
            case BOOL -> value != 0 ? 1 : 0;
            case F64, F32, F16, BF16, F8E4M3, F8E5M2 -> throw new IllegalArgumentException(dtype + " is no integer");
        };
    }
}
