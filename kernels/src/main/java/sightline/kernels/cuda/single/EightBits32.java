package sightline.kernels.cuda.single;

import java.util.HashMap;
import java.util.Map;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Packed;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;

/** Packs float32 arrays into E4M3 bytes with bfloat16 scales, and unpacks them. */
final class EightBits32 {
    private static final int BLOCK = 256;
    /** Values that a block looks at to find the largest, at least. */
    private static final int PIECE = 8_192;

    private static final int MOST_PIECES = 1_056;

    private final Emitter emitter;
    private final Rounded rounded;
    private final Map<Slot, Largest> told = new HashMap<>();

    /** Where the largest of each piece of an array is. */
    private record Largest(Slot partial, int pieces) {}

    /**
     * @param rounded where arrays may be in bfloat16 too, or alone; null where none are
     */
    EightBits32(Emitter emitter, Rounded rounded) {
        this.emitter = emitter;
        this.rounded = rounded;
    }

    /** Room for what is kept of rows. */
    Packed room(Array32 rows) {
        boolean whole = rows.dim(0) == 1;
        long scales = whole ? 1 : rows.size() / Packed.GROUP;
        return new Packed(emitter.room(rows.size()), emitter.room(2L * scales), rows.shape(), whole);
    }

    /** Where the kernel that stores an array in bfloat16 alone is to tell the largest magnitude of each piece of it. */
    Slot told(Array32 array, int pieces) {
        Slot partial = emitter.room(4L * pieces);
        told.put(array.slot(), new Largest(partial, pieces));
        return partial;
    }

    Packed pack(Array32 rows) {
        int n = rows.size();
        Packed packed = room(rows);
        boolean whole = packed.whole();
        int scales = whole ? 1 : n / Packed.GROUP;
        if (!whole) {
            Params params = params(rows.slot(), n, packed, null, 0).slot(null);
            emitter.each("eight", "eight_groups", scales, params, 3.0 * n, 5.0 * n + 2.0 * scales);
            return packed;
        }
        Largest known = told.get(rows.slot());
        int pieces = known == null ? Math.clamp(n / PIECE, 1, MOST_PIECES) : known.pieces;
        Slot partial = known == null ? emitter.room(4L * pieces) : known.partial;
        Either read = Either.read(rounded, rows);
        Params params = params(read.wide(), n, packed, partial, pieces).slot(read.narrow());
        if (known == null) {
            emitter.grid("eight", "eight_largest", Grid.of(pieces), BLOCK, 0, params, n, read.bytes());
        }
        emitter.grid("eight", "eight_whole", Grid.covering(n, PIECE), BLOCK, 0, params, 2.0 * n, read.bytes() + n);
        return packed;
    }

    Array32 unpack(Packed packed) {
        Array32 out = emitter.array(false, packed.shape());
        unpack(packed, out);
        return out;
    }

    void unpack(Packed packed, Array32 out) {
        int n = packed.size();
        emitter.each(
                "eight",
                "eight_unpack",
                Math.max(4, n / 4),
                params(out.slot(), n, packed, null, 0).slot(null),
                2.0 * n,
                5.0 * n);
    }

    private static Params params(Slot x, int n, Packed packed, Slot partial, int pieces) {
        return new Params()
                .slot(x)
                .slot(packed.codes())
                .slot(packed.scales())
                .slot(partial)
                .int32(n, pieces, packed.whole() ? 1 : 0);
    }
}
