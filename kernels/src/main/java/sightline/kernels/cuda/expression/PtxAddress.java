package sightline.kernels.cuda.expression;

/** Bytes behind what a register points to. */
record PtxAddress(String register, int bytes) {
    PtxAddress further(int by) {
        return new PtxAddress(register, bytes + by);
    }

    @Override
    public String toString() {
        return "[" + register + "+" + bytes + "]";
    }
}
