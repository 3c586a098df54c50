package sightline.kernels.cuda;

import sightline.kernels.cuda.Launch.Grid;
import sightline.kernels.grad.Fp8Activations;

/** Packs float32 arrays into E4M3 bytes with bfloat16 scales, and unpacks them. */
final class EightBits32 {
    private static final int BLOCK = 256;
    /** Values that a block looks at to find the largest, at least. */
    private static final int PIECE = 4_096;

    private static final int MOST_PIECES = 512;
    /** Neighbours that share a scale. */
    static final int GROUP = (int) Fp8Activations.GROUP;

    private final Emitter emitter;

    EightBits32(Emitter emitter) {
        this.emitter = emitter;
    }

    /** What is kept of an array. */
    record Packed(Slot codes, Slot scales, int[] shape, boolean whole) {
        private int size() {
            return new Array32(null, shape, false).size();
        }
    }

    /** Room for what is kept of rows. */
    Packed room(Array32 rows) {
        boolean whole = rows.dim(0) == 1;
        long scales = whole ? 1 : rows.size() / GROUP;
        return new Packed(emitter.room(rows.size()), emitter.room(2L * scales), rows.shape(), whole);
    }

    Packed pack(Array32 rows) {
        int n = rows.size();
        Packed packed = room(rows);
        boolean whole = packed.whole;
        int scales = whole ? 1 : n / GROUP;
        if (!whole) {
            Params params = params(rows, packed, null, 0);
            emitter.each("eight", "eight_groups", scales, params, 3.0 * n, 5.0 * n + 2.0 * scales);
            return packed;
        }
        int pieces = Math.clamp(n / PIECE, 1, MOST_PIECES);
        Slot partial = emitter.room(4L * pieces);
        Params params = params(rows, packed, partial, pieces);
        emitter.grid("eight", "eight_largest", Grid.of(pieces), BLOCK, 0, params, n, 4.0 * n);
        emitter.grid("eight", "eight_whole", Grid.covering(n, PIECE), BLOCK, 0, params, 2.0 * n, 5.0 * n);
        return packed;
    }

    Array32 unpack(Packed packed) {
        Array32 out = emitter.array(false, packed.shape);
        unpack(packed, out);
        return out;
    }

    void unpack(Packed packed, Array32 out) {
        int n = packed.size();
        emitter.each("eight", "eight_unpack", Math.max(4, n / 4), params(out, packed, null, 0), 2.0 * n, 5.0 * n);
    }

    private static Params params(Array32 x, Packed packed, Slot partial, int pieces) {
        return new Params()
                .slot(x.slot())
                .slot(packed.codes)
                .slot(packed.scales)
                .slot(partial)
                .int32(x.size(), pieces, packed.whole ? 1 : 0);
    }
}
