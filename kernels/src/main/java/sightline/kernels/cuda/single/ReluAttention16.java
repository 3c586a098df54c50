package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Packed;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Attention;

/**
 * Linear attention under ReLU: the launches of relu_attention16.cu, two forward, three for the gradients. States are summed in
 * pieces that the next kernel adds up.
 */
final class ReluAttention16 {
    /** Channels of a head. */
    static final int WIDTH = 32;

    private static final int STATE_FLOATS = WIDTH * (WIDTH + 1);
    /** Blocks that the device shall have, four a multiprocessor. */
    private static final int MANY_BLOCKS = 528;

    private static final String FAMILY = "relu_attention16";
    private static final int BLOCK = 128;
    /** Tokens that a block takes in a turn. */
    private static final int TURN = 128;
    /** A byte and a sixteenth of a scale for two bytes. */
    private static final double KEPT_SHARE = 1.125 / 2;

    private final Attention16 common;
    private final Array32 qkv;
    /** The same in eight bits; null where it is read in bfloat16. */
    private final Packed kept;

    private final int tokens;
    private final int heads;
    private final int all;
    private final float epsilon;
    private final double flops;
    /** Bytes of a third of the operand, and of a result in two bytes an element. */
    private final double read;

    private final double width;

    ReluAttention16(Attention16 common, Attention.Relu op, Array32 qkv, Packed kept, double flops) {
        this.common = common;
        this.qkv = qkv;
        this.kept = kept;
        this.flops = flops;
        tokens = qkv.dim(1);
        heads = op.heads();
        all = qkv.dim(0) * heads;
        epsilon = (float) op.epsilon();
        width = 2.0 * qkv.size() / 3;
        read = kept == null ? width : KEPT_SHARE * width;
    }

    void forward(Array32 y, boolean keeps) {
        int rows = Attention16.rows(tokens, all, MANY_BLOCKS, TURN);
        Slot states = states(rows);
        Slot instead = common.instead(y);
        Slot largest = common.largest(y, instead, keeps, grid(rows));
        emit("apply", rows, null, y, instead, states, null, largest, rows, read + width);
    }

    void backward(Array32 dy, Array32 dx) {
        int rows = Attention16.rows(tokens, all, MANY_BLOCKS, TURN);
        int fine = Attention16.rows(tokens, all, 2 * MANY_BLOCKS, TURN);
        Slot states = states(rows);
        Slot slopes = sums(rows);
        Slot instead = common.instead(dx);
        emit("query", rows, dy, dx, instead, states, slopes, null, rows, read + 2 * width);
        emit("text", fine, null, dx, instead, null, slopes, null, rows, 2 * read + 2 * width);
    }

    private Slot states(int rows) {
        Slot states = sums(rows);
        emit("state", rows, null, null, null, states, null, null, rows, 2 * read);
        return states;
    }

    private Grid grid(int rows) {
        return new Grid(Attention16.pieces(tokens, rows), all, 1);
    }

    private Slot sums(int rows) {
        return common.emitter.room(4L * STATE_FLOATS * all * Attention16.pieces(tokens, rows));
    }

    /** @param summed tokens that a piece of a state is the sum over */
    private void emit(
            String kernel,
            int rows,
            Array32 dy,
            Array32 y,
            Slot instead,
            Slot states,
            Slot slopes,
            Slot largest,
            int summed,
            double bytes) {
        Params params = new Params()
                .slot(kept == null ? common.operand(qkv) : null)
                .slot(dy == null ? null : common.operand(dy));
        params = y == null ? params.slot(null).slot(null) : common.result(params, y, instead);
        params.slot(states)
                .slot(slopes)
                .int32(tokens, heads, rows, Attention16.pieces(tokens, summed))
                .float32(epsilon)
                .slot(kept == null ? null : kept.codes())
                .slot(kept == null ? null : kept.scales())
                .slot(largest);
        String name = FAMILY + "_" + kernel + (kept == null ? "" : "_eight");
        common.emitter.grid(FAMILY, name, grid(rows), BLOCK, 0, params, flops / 2, bytes);
    }
}
