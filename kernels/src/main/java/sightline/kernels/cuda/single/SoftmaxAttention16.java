package sightline.kernels.cuda.single;

import java.util.List;
import java.util.Set;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Attention;

/**
 * Softmax attention to a text that is short enough for a block's shared memory: the launches of attention16.cu, one forward, two
 * for the gradients.
 */
final class SoftmaxAttention16 {
    /** Widths of a head that there are kernels for. */
    private static final Set<Long> WIDTHS = Set.of(32L, 64L, 72L, 112L);
    /** Rows of a text of which a block keeps keys and values. */
    private static final int MOST_TEXT = 384;
    /** Blocks that the device shall have: one a multiprocessor, or two. */
    private static final int FEW_BLOCKS = 128;

    private static final int SOME_BLOCKS = 256;

    private static final String FAMILY = "attention16";
    private static final int BLOCK = 256;
    /** Threads that share a tile of sixteen rows. */
    private static final int WARP = 32;

    private static final int TILE = 16;
    /** Rows of a text that are looked at together. */
    private static final int STRETCH = 64;
    /** Tokens that pass a block of keys at a time, two buffers of which there are; fewer where heads are wide. */
    private static final int PASSING = 64;

    private static final int FEW_PASSING = 32;
    private static final int NARROW = 72;

    private final Attention16 common;
    private final Array32 q;
    private final Array32 kv;
    private final Array32 mask;
    private final int heads;
    private final int width;
    private final double flops;

    SoftmaxAttention16(Attention16 common, Attention.Softmax op, List<Array32> in, double flops) {
        this.common = common;
        q = in.get(0);
        kv = in.get(1);
        mask = in.size() > 2 ? in.get(2) : null;
        heads = op.heads();
        width = q.dim(2) / heads;
        this.flops = flops;
    }

    static boolean takes(long width, long text) {
        return WIDTHS.contains(width) && text <= MOST_TEXT;
    }

    void forward(Array32 y, boolean kept) {
        emit("forward", SOME_BLOCKS, null, y, kept, null, null, flops);
    }

    void backward(Array32 dy, Array32 dq, Array32 dkv) {
        long numbers = 4L * q.dim(0) * heads * told();
        Slot logs = common.emitter.room(numbers);
        Slot means = common.emitter.room(numbers);
        emit("query", FEW_BLOCKS, dy, dq, false, logs, means, flops * 3 / 5);
        Slot instead = common.instead(dkv);
        Params params = params(dy, dkv, instead, logs, means, 0).slot(null);
        int held = BLOCK / WARP * TILE;
        Grid grid = new Grid(Attention16.pieces(kv.dim(1), held), q.dim(0) * heads, 1);
        int passing = width > NARROW ? FEW_PASSING : PASSING;
        int shared = 2 * held * rowBytes() + 4 * passing * (rowBytes() + 4);
        common.emitter.grid(FAMILY, kernel("text"), grid, BLOCK, shared, params, flops * 2 / 5, bytes(dkv) + bytes(q));
    }

    private void emit(
            String kernel, int blocks, Array32 dy, Array32 y, boolean kept, Slot logs, Slot means, double work) {
        Slot instead = common.instead(y);
        int rows = Attention16.rows(q.dim(1), q.dim(0) * heads, blocks, BLOCK / WARP * TILE);
        Grid grid = new Grid(Attention16.pieces(q.dim(1), rows), q.dim(0) * heads, 1);
        Params params = params(dy, y, instead, logs, means, rows).slot(common.largest(y, instead, kept, grid));
        int shared = Attention16.pieces(kv.dim(1), STRETCH) * STRETCH * (2 * rowBytes() + 4);
        common.emitter.grid(
                FAMILY, kernel(kernel), grid, BLOCK, shared, params, work, bytes(y) + (dy == null ? 0 : bytes(q)));
    }

    private Params params(Array32 dy, Array32 y, Slot instead, Slot logs, Slot means, int rows) {
        Params params = new Params()
                .slot(common.operand(q))
                .slot(common.operand(kv))
                .slot(mask == null ? null : mask.slot())
                .slot(dy == null ? null : common.operand(dy));
        return common.result(params, y, instead)
                .slot(logs)
                .slot(means)
                .int32(q.dim(1), kv.dim(1), heads, rows)
                .float32((float) (1 / Math.sqrt(width)))
                .int32(told());
    }

    /** Tokens, rounded up, of which the second kernel tells the third. */
    private int told() {
        return Attention16.pieces(q.dim(1), STRETCH) * STRETCH;
    }

    private String kernel(String what) {
        return FAMILY + "_" + what + "_" + width;
    }

    /** Bytes of a row in shared memory, as the kernels have it. */
    private int rowBytes() {
        return Attention16.pieces(width, TILE) * TILE * 2;
    }

    /** Of the operands and of a result in two bytes an element. */
    private double bytes(Array32 y) {
        return 2.0 * (q.size() + (double) kv.size() + y.size());
    }
}
