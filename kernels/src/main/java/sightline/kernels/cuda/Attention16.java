package sightline.kernels.cuda;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import sightline.kernels.cuda.Launch.Grid;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Value;

/**
 * Attention of rows rounded to bfloat16, forward and backward: the launches of attention16.cu and relu_attention16.cu. Heads
 * are read and written where they lie.
 */
final class Attention16 {
    /** Widths of a head that attention16.cu has kernels for. */
    private static final Set<Long> WIDTHS = Set.of(32L, 64L, 72L, 112L);
    /** The one of relu_attention16.cu. */
    private static final int RELU_WIDTH = 32;
    /** Rows of a text of which a block keeps keys and values. */
    private static final int MOST_TEXT = 384;

    private static final int LEAST_TOKENS = 16;
    /** Blocks that the device shall have: one a multiprocessor, two or four. */
    private static final int FEW_BLOCKS = 128;

    private static final int SOME_BLOCKS = 256;
    private static final int MANY_BLOCKS = 528;
    private static final int STATE_FLOATS = RELU_WIDTH * (RELU_WIDTH + 1);

    private final Emitter emitter;
    private final Rounded rounded;
    private final EightBits32 packing;

    Attention16(Emitter emitter, Rounded rounded, EightBits32 packing) {
        this.emitter = emitter;
        this.rounded = rounded;
        this.packing = packing;
    }

    /** Whether kernels do this attention, or these gradients of one; where not, it must be written out. */
    static boolean takes(Node node) {
        Attention attention =
                node.op() instanceof Adjoint.AttentionInputs inputs ? inputs.attention() : (Attention) node.op();
        long tokens = node.input(0).size(1);
        long width = node.input(0).size(2);
        return tokens >= LEAST_TOKENS
                && switch (attention) {
                    case Attention.Softmax op ->
                        WIDTHS.contains(width / op.heads()) && node.input(1).size(1) <= MOST_TEXT;
                    case Attention.Relu op -> width / 3 / op.heads() == RELU_WIDTH;
                };
    }

    /**
     * @param rounds whether the result may be stored in bfloat16 alone
     * @param kept whether one scale in all is kept of it
     */
    Array32 forward(Attention op, List<Array32> in, Node node, boolean rounds, boolean kept) {
        Array32 y = made(node.output(), rounds);
        switch (op) {
            case Attention.Softmax softmax -> new Softmax(softmax, in, 2.0 * node.macs()).forward(y, kept);
            case Attention.Relu relu -> new Relu(relu, in.getFirst(), null, 2.0 * node.macs()).forward(y, kept);
        }
        return y;
    }

    /**
     * @param rounds which gradients may be stored in bfloat16 alone
     * @param kept the first operand in groups of eight bits, or null
     */
    List<Array32> backward(
            Adjoint.AttentionInputs op, List<Array32> in, Node node, Predicate<Value> rounds, EightBits32.Packed kept) {
        List<Array32> made =
                node.outputs().stream().map(v -> made(v, rounds.test(v))).toList();
        double flops = 2.0 * node.macs();
        List<Array32> given = in.subList(0, in.size() - 1);
        switch (op.attention()) {
            case Attention.Softmax softmax ->
                new Softmax(softmax, given, flops).backward(in.getLast(), made.get(0), made.get(1));
            case Attention.Relu relu ->
                new Relu(relu, in.getFirst(), kept, flops).backward(in.getLast(), made.getFirst());
        }
        return made;
    }

    private Array32 made(Value value, boolean rounds) {
        Array32 array = emitter.array(false, Lowering32.shape(value));
        if (rounds) {
            rounded.allow(array.slot());
        }
        return array;
    }

    private Slot operand(Array32 array) {
        return rounded.of(array.slot(), array.size());
    }

    /** Two pointers, of which a kernel writes to the second where there is one. */
    private Params result(Params params, Array32 y, Slot instead) {
        return params.slot(instead == null ? y.slot() : null).slot(instead);
    }

    /** Where blocks are to tell their largest result, or null. */
    private Slot largest(Array32 y, Slot instead, boolean kept, Grid grid) {
        return kept && instead != null ? packing.told(y, grid.x() * grid.y()) : null;
    }

    private static int pieces(int length, int piece) {
        return (length + piece - 1) / piece;
    }

    /** Rows a block so that there are so many blocks, a multiple of what a block does in a turn. */
    private static int rows(int tokens, int heads, int blocks, int turn) {
        return pieces(pieces(tokens, pieces(blocks, heads)), turn) * turn;
    }

    private final class Softmax {
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

        private final Array32 q;
        private final Array32 kv;
        private final Array32 mask;
        private final int heads;
        private final int width;
        private final double flops;

        Softmax(Attention.Softmax op, List<Array32> in, double flops) {
            q = in.get(0);
            kv = in.get(1);
            mask = in.size() > 2 ? in.get(2) : null;
            heads = op.heads();
            width = q.dim(2) / heads;
            this.flops = flops;
        }

        void forward(Array32 y, boolean kept) {
            emit("forward", SOME_BLOCKS, null, y, kept, null, null, flops);
        }

        void backward(Array32 dy, Array32 dq, Array32 dkv) {
            long numbers = 4L * q.dim(0) * heads * told();
            Slot logs = emitter.room(numbers);
            Slot means = emitter.room(numbers);
            emit("query", FEW_BLOCKS, dy, dq, false, logs, means, flops * 3 / 5);
            Slot instead = rounded.instead(dkv.slot(), dkv.size());
            Params params = params(dy, dkv, instead, logs, means, 0).slot(null);
            int held = BLOCK / WARP * TILE;
            Grid grid = new Grid(pieces(kv.dim(1), held), q.dim(0) * heads, 1);
            int passing = width > NARROW ? FEW_PASSING : PASSING;
            int shared = 2 * held * rowBytes() + 4 * passing * (rowBytes() + 4);
            emitter.grid(FAMILY, kernel("text"), grid, BLOCK, shared, params, flops * 2 / 5, bytes(dkv) + bytes(q));
        }

        private void emit(
                String kernel, int blocks, Array32 dy, Array32 y, boolean kept, Slot logs, Slot means, double work) {
            Slot instead = rounded.instead(y.slot(), y.size());
            int rows = rows(q.dim(1), q.dim(0) * heads, blocks, BLOCK / WARP * TILE);
            Grid grid = new Grid(pieces(q.dim(1), rows), q.dim(0) * heads, 1);
            Params params = params(dy, y, instead, logs, means, rows).slot(largest(y, instead, kept, grid));
            int shared = pieces(kv.dim(1), STRETCH) * STRETCH * (2 * rowBytes() + 4);
            emitter.grid(
                    FAMILY, kernel(kernel), grid, BLOCK, shared, params, work, bytes(y) + (dy == null ? 0 : bytes(q)));
        }

        private Params params(Array32 dy, Array32 y, Slot instead, Slot logs, Slot means, int rows) {
            Params params = new Params()
                    .slot(operand(q))
                    .slot(operand(kv))
                    .slot(mask == null ? null : mask.slot())
                    .slot(dy == null ? null : operand(dy));
            return result(params, y, instead)
                    .slot(logs)
                    .slot(means)
                    .int32(q.dim(1), kv.dim(1), heads, rows)
                    .float32((float) (1 / Math.sqrt(width)))
                    .int32(told());
        }

        /** Tokens, rounded up, of which the second kernel tells the third. */
        private int told() {
            return pieces(q.dim(1), STRETCH) * STRETCH;
        }

        private String kernel(String what) {
            return FAMILY + "_" + what + "_" + width;
        }

        /** Bytes of a row in shared memory, as the kernels have it. */
        private int rowBytes() {
            return pieces(width, TILE) * TILE * 2;
        }

        /** Of the operands and of a result in two bytes an element. */
        private double bytes(Array32 y) {
            return 2.0 * (q.size() + (double) kv.size() + y.size());
        }
    }

    private final class Relu {
        private static final String FAMILY = "relu_attention16";
        private static final int BLOCK = 128;
        /** Tokens that a block takes in a turn. */
        private static final int TURN = 128;
        /** A byte and a sixteenth of a scale for two bytes. */
        private static final double KEPT_SHARE = 1.125 / 2;

        private final Array32 qkv;
        /** The same in eight bits; null where it is read in bfloat16. */
        private final EightBits32.Packed kept;

        private final int tokens;
        private final int heads;
        private final int all;
        private final float epsilon;
        private final double flops;
        /** Bytes of a third of the operand, and of a result in two bytes an element. */
        private final double read;

        private final double width;

        Relu(Attention.Relu op, Array32 qkv, EightBits32.Packed kept, double flops) {
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
            int rows = rows(tokens, all, MANY_BLOCKS, TURN);
            Slot states = states(rows);
            Slot instead = rounded.instead(y.slot(), y.size());
            Slot largest = largest(y, instead, keeps, grid(rows));
            emit("apply", rows, null, y, instead, states, null, largest, rows, read + width);
        }

        void backward(Array32 dy, Array32 dx) {
            int rows = rows(tokens, all, MANY_BLOCKS, TURN);
            int fine = rows(tokens, all, 2 * MANY_BLOCKS, TURN);
            Slot states = states(rows);
            Slot slopes = sums(rows);
            Slot instead = rounded.instead(dx.slot(), dx.size());
            emit("query", rows, dy, dx, instead, states, slopes, null, rows, read + 2 * width);
            emit("text", fine, null, dx, instead, null, slopes, null, rows, 2 * read + 2 * width);
        }

        private Slot states(int rows) {
            Slot states = sums(rows);
            emit("state", rows, null, null, null, states, null, null, rows, 2 * read);
            return states;
        }

        private Grid grid(int rows) {
            return new Grid(pieces(tokens, rows), all, 1);
        }

        private Slot sums(int rows) {
            return emitter.room(4L * STATE_FLOATS * all * pieces(tokens, rows));
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
            Params params =
                    new Params().slot(kept == null ? operand(qkv) : null).slot(dy == null ? null : operand(dy));
            params = y == null ? params.slot(null).slot(null) : result(params, y, instead);
            params.slot(states)
                    .slot(slopes)
                    .int32(tokens, heads, rows, pieces(tokens, summed))
                    .float32(epsilon)
                    .slot(kept == null ? null : kept.codes())
                    .slot(kept == null ? null : kept.scales())
                    .slot(largest);
            String name = FAMILY + "_" + kernel + (kept == null ? "" : "_eight");
            emitter.grid(FAMILY, name, grid(rows), BLOCK, 0, params, flops / 2, bytes);
        }
    }
}
