package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Slot;

/**
 * An array as a kernel is told of it that takes both forms: in float32 or, where it is there so, in bfloat16 instead.
 *
 * @param wide null where it is narrow
 * @param narrow null where it is wide
 * @param bytes that the kernel moves for it
 */
record Either(Slot wide, Slot narrow, double bytes) {
    /** Where there is nothing to tell of. */
    static final Either NONE = new Either(null, null, 0);

    /**
     * What a kernel reads, in the form that is there once it does.
     *
     * @param rounded null where all is float32
     */
    static Either read(Rounded rounded, Array32 array) {
        Slot narrow = rounded == null ? null : rounded.either(array.slot());
        return of(narrow, array.slot(), array.size());
    }

    /**
     * What a kernel makes, in the form that its readers want.
     *
     * @param rounded null where all is float32
     */
    static Either made(Rounded rounded, Array32 array) {
        return made(rounded, array.slot(), array.size());
    }

    /** The same of elements that lie there. */
    static Either made(Rounded rounded, Slot slot, int size) {
        return of(rounded == null ? null : rounded.instead(slot, size), slot, size);
    }

    private static Either of(Slot narrow, Slot wide, int size) {
        return narrow == null
                ? new Either(wide, null, (double) Float.BYTES * size)
                : new Either(null, narrow, (double) Short.BYTES * size);
    }
}
