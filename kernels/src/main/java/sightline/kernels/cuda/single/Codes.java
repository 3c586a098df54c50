package sightline.kernels.cuda.single;

/** Numbers of enum constants, for kernels whose own codes are declared in the same order. */
final class Codes {
    private Codes() {}

    /** The position of a constant, by which the kernel sources number it too; parity tests hold the two together. */
    @SuppressWarnings("EnumOrdinal")
    static int of(Enum<?> constant) {
        return constant.ordinal();
    }
}
