package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;

/**
 * A result that is a long sum, cut so that few blocks still fill the device.
 *
 * @param partial what kernels make: a result a piece, or the result itself where there is one
 */
record Pieces(Array32 partial, Array32 whole, int count) {
    static Pieces of(Emitter emitter, Array32 whole, int count) {
        return new Pieces(count == 1 ? whole : emitter.array(false, count, whole.size()), whole, count);
    }

    /** Adds them up, always in the same order. */
    void sum(Emitter emitter) {
        if (count > 1) {
            new Reduction32(emitter).sumInto(partial, whole);
        }
    }
}
