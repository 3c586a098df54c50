package sightline.kernels.cuda.single;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Params;

/** Pieces of a concatenation that are copied whole, by as few launches as hold them: those of join.cu. */
final class Join32 {
    private static final int MOST = 8;
    private static final int FOUR = 4;

    private final Emitter emitter;
    private final List<Piece> pieces = new ArrayList<>();

    private record Piece(Array32 array, int base) {}

    Join32(Emitter emitter) {
        this.emitter = emitter;
    }

    /**
     * Whether a piece is copied with the others.
     *
     * @param base where it begins in the first row of the result
     */
    boolean takes(Array32 piece, Array32 out, int axis, int base) {
        int row = out.dim(axis) * out.inner(axis);
        int length = piece.dim(axis) * piece.inner(axis);
        boolean fours = row % FOUR == 0 && base % FOUR == 0 && length % FOUR == 0 && length > 0;
        if (fours) {
            pieces.add(new Piece(piece, base));
        }
        return fours;
    }

    /** Copies what was taken. */
    void emit(Array32 out, int axis) {
        for (int from = 0; from < pieces.size(); from += MOST) {
            emit(pieces.subList(from, Math.min(pieces.size(), from + MOST)), out, axis);
        }
    }

    private void emit(List<Piece> some, Array32 out, int axis) {
        int[] first = new int[some.size()];
        int[] length = new int[some.size()];
        int[] base = new int[some.size()];
        int total = 0;
        Params params = new Params();
        for (int i = 0; i < MOST; i++) {
            params.slot(i < some.size() ? some.get(i).array.slot() : null);
        }
        for (int i = 0; i < some.size(); i++) {
            Array32 piece = some.get(i).array;
            first[i] = total;
            length[i] = piece.dim(axis) * piece.inner(axis) / FOUR;
            base[i] = some.get(i).base / FOUR;
            total += piece.size() / FOUR;
        }
        params.slot(out.slot())
                .int32(some.size(), out.dim(axis) * out.inner(axis) / FOUR)
                .int32Array(first, MOST)
                .int32Array(length, MOST)
                .int32Array(base, MOST)
                .int32(total);
        emitter.each("join", "join_pieces", total, params, 0, 8.0 * FOUR * total);
    }
}
