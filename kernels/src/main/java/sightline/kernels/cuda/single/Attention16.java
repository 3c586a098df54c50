package sightline.kernels.cuda.single;

import java.util.List;
import java.util.function.Predicate;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Packed;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Value;

/**
 * Attention of rows rounded to bfloat16, forward and backward: what {@link SoftmaxAttention16} and {@link
 * ReluAttention16} launch, and what both need. Heads are read and written where they lie.
 */
public final class Attention16 {
    private static final int LEAST_TOKENS = 16;
    /** A launch has at most so many blocks along y, which count images and heads. */
    private static final int MOST_BLOCKS = 65_535;

    final Emitter emitter;
    private final Rounded rounded;
    private final EightBits32 packing;

    Attention16(Emitter emitter, Rounded rounded, EightBits32 packing) {
        this.emitter = emitter;
        this.rounded = rounded;
        this.packing = packing;
    }

    /** Whether kernels do this attention, or these gradients of one; where not, it must be written out. */
    public static boolean takes(Node node) {
        Attention attention =
                node.op() instanceof Adjoint.AttentionInputs inputs ? inputs.attention() : (Attention) node.op();
        long tokens = node.input(0).size(1);
        long width = node.input(0).size(2);
        return tokens >= LEAST_TOKENS
                && node.input(0).size(0) * attention.heads() <= MOST_BLOCKS
                && switch (attention) {
                    case Attention.Softmax op ->
                        SoftmaxAttention16.takes(
                                width / op.heads(), node.input(1).size(1));
                    case Attention.Relu op -> width / 3 / op.heads() == ReluAttention16.WIDTH;
                };
    }

    /**
     * @param rounds whether the result may be stored in bfloat16 alone
     * @param kept whether one scale in all is kept of it
     */
    Array32 forward(Attention op, List<Array32> in, Node node, boolean rounds, boolean kept) {
        Array32 y = made(node.output(), rounds);
        switch (op) {
            case Attention.Softmax softmax ->
                new SoftmaxAttention16(this, softmax, in, 2.0 * node.macs()).forward(y, kept);
            case Attention.Relu relu ->
                new ReluAttention16(this, relu, in.getFirst(), null, 2.0 * node.macs()).forward(y, kept);
        }
        return y;
    }

    /**
     * @param rounds which gradients may be stored in bfloat16 alone
     * @param kept the first operand in groups of eight bits, or null
     */
    List<Array32> backward(
            Adjoint.AttentionInputs op, List<Array32> in, Node node, Predicate<Value> rounds, Packed kept) {
        List<Array32> made =
                node.outputs().stream().map(v -> made(v, rounds.test(v))).toList();
        double flops = 2.0 * node.macs();
        List<Array32> given = in.subList(0, in.size() - 1);
        switch (op.attention()) {
            case Attention.Softmax softmax ->
                new SoftmaxAttention16(this, softmax, given, flops).backward(in.getLast(), made.get(0), made.get(1));
            case Attention.Relu relu ->
                new ReluAttention16(this, relu, in.getFirst(), kept, flops).backward(in.getLast(), made.getFirst());
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

    Slot operand(Array32 array) {
        return rounded.of(array.slot(), array.size());
    }

    /** Where a result is to be stored in bfloat16 alone; null where the array itself is wanted. */
    Slot instead(Array32 y) {
        return rounded.instead(y.slot(), y.size());
    }

    /** Two pointers, of which a kernel writes to the second where there is one. */
    Params result(Params params, Array32 y, Slot instead) {
        return params.slot(instead == null ? y.slot() : null).slot(instead);
    }

    /** Where blocks are to tell their largest result, or null. */
    Slot largest(Array32 y, Slot instead, boolean kept, Grid grid) {
        return kept && instead != null ? packing.told(y, grid.x() * grid.y()) : null;
    }

    static int pieces(int length, int piece) {
        return (length + piece - 1) / piece;
    }

    /** Rows a block so that there are so many blocks, a multiple of what a block does in a turn. */
    static int rows(int tokens, int heads, int blocks, int turn) {
        return pieces(pieces(tokens, pieces(blocks, heads)), turn) * turn;
    }
}
