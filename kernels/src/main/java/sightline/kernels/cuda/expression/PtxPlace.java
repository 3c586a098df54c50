package sightline.kernels.cuda.expression;

/**
 * A place for each index of a kernel.
 *
 * @param index registers
 * @param moved elements by which the index lies behind the one of another place, whose registers may serve where strides
 *     are the same everywhere; for each index
 */
record PtxPlace(String[] index, PtxPlace from, int[] moved) {
    static PtxPlace at(String... index) {
        return new PtxPlace(index, null, new int[index.length]);
    }

    /** The same further on in one index. */
    PtxPlace further(Ptx ptx, int which, int by) {
        if (by == 0) {
            return this;
        }
        String[] registers = index.clone();
        registers[which] = ptx.word("add.s32", index[which], by);
        int[] all = new int[index.length];
        all[which] = by;
        return new PtxPlace(registers, this, all);
    }
}
