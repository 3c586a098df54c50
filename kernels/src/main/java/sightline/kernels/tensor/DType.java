package sightline.kernels.tensor;

/** Element type of a tensor. Every type is little-endian in memory; BOOL is one byte, 0 or 1. */
public enum DType {
    F64(8, Family.REAL),
    F32(4, Family.REAL),
    F16(2, Family.REAL),
    BF16(2, Family.REAL),
    F8E4M3(1, Family.REAL),
    F8E5M2(1, Family.REAL),
    I64(8, Family.INTEGER),
    I32(4, Family.INTEGER),
    I8(1, Family.INTEGER),
    U8(1, Family.INTEGER),
    BOOL(1, Family.TRUTH);

    private enum Family {
        REAL,
        INTEGER,
        TRUTH
    }

    private final int bytes;
    private final Family family;

    DType(int bytes, Family family) {
        this.bytes = bytes;
        this.family = family;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** True for floating point of any width. */
    public boolean isReal() {
        return family == Family.REAL;
    }

    /** True for integers, not for BOOL. */
    public boolean isInteger() {
        return family == Family.INTEGER;
    }
}
