package sightline.kernels.cuda.single;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import sightline.kernels.cuda.expression.ExpressionDraft;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.single.Term.Operation;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Elementwise.Arithmetic;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Value;

/** Which values of expressions are worth storing, and how: by the bytes that this and computing them again costs. */
final class Storing {
    /** Bytes an element of an array, written or read. */
    private static final double ARRAY = 4;

    static final double ROUNDED = 2;

    private final Terms terms;
    private final Rounded rounded;
    private final Graph graph;
    private final Map<Value, List<Node>> uses;
    private final Predicate<Value> bearsRounding;
    private final Map<Value, Boolean> narrows = new HashMap<>();

    /**
     * @param rounded operands of products; null where those are exact
     * @param bearsRounding whether all that reads a value takes it in bfloat16
     */
    Storing(Terms terms, Rounded rounded, Graph graph, Predicate<Value> bearsRounding) {
        this.terms = terms;
        this.rounded = rounded;
        this.graph = graph;
        this.uses = graph.uses();
        this.bearsRounding = bearsRounding;
    }

    /** Whether a value that is stored shall be so in bfloat16; sums that are added to again (residuals, gradients) keep all digits. */
    boolean narrows(Value value) {
        return rounded != null
                && narrows.computeIfAbsent(
                        value, v -> terms.term(v) instanceof Operation && !addsUp(v) && bearsRounding.test(v));
    }

    private boolean addsUp(Value value) {
        return adds(value.node()) && addedAgain(value);
    }

    private boolean addedAgain(Value value) {
        return uses.getOrDefault(value, List.of()).stream()
                .anyMatch(user -> adds(user) || user.op() instanceof Layout && addedAgain(user.output()));
    }

    /** Whether a node adds arrays of one size. */
    private static boolean adds(Node node) {
        return node.op() instanceof Elementwise.Binary op
                && (op.arithmetic() == Arithmetic.ADD || op.arithmetic() == Arithmetic.SUB)
                && node.inputs().stream()
                        .allMatch(in ->
                                in.shape().elements() == node.output().shape().elements());
    }

    /** Bytes an element of a value where it is stored. */
    private double stored(Value value) {
        return narrows(value) ? ROUNDED : ARRAY;
    }

    /** Whether a product reads a value as it is, or a norm's gradient, which does so twice. */
    boolean feedsProduct(Value value) {
        return uses.getOrDefault(value, List.of()).stream()
                .anyMatch(user -> user.op() instanceof Linear.MatMul
                        || user.op() instanceof Attention
                        || user.op() instanceof Adjoint.AttentionInputs
                        || user.op() instanceof Adjoint.BatchNormInput
                        || user.op() instanceof Convolution.Conv2d conv && conv.groups() == 1
                        || user.op() instanceof Layout.Reshape && feedsProduct(user.output()));
    }

    /** Who reads a value still, other than the expression itself. */
    long outside(Value value, ExpressionDraft draft) {
        Set<Node> within = new HashSet<>();
        draft.inner().forEach(v -> within.add(v.node()));
        long users = uses.getOrDefault(value, List.of()).stream()
                .filter(user -> !within.contains(user) && !made(user))
                .count();
        return users + (graph.outputs().containsValue(value) ? 1 : 0);
    }

    /** Whether what a node makes is there already, or was only ever a part of what is. */
    private boolean made(Node node) {
        Value value = node.output();
        if (!terms.known(value)) {
            return false;
        }
        Slot slot = terms.array(value).slot();
        List<Node> users = uses.getOrDefault(value, List.of());
        return isStored(slot)
                || !graph.outputs().containsValue(value)
                        && !users.isEmpty()
                        && users.stream().allMatch(this::made);
    }

    /**
     * Whether computing a value again for others costs more bytes than what writing it and reading it back does.
     *
     * @param accesses of the array by which those of the others are outweighed
     */
    boolean costly(Value value, ExpressionDraft draft, long others, int accesses) {
        return others * draft.bytes(value) > stored(value) * (others + accesses);
    }

    /** Whether an operation's value that is read once more here is better written than computed again. */
    boolean worthWriting(Value value, ExpressionDraft draft) {
        return draft.operations() > 0 && costly(value, draft, outside(value, draft) - 1, 1);
    }

    /** A value of an expression that is better stored before a sum reads it; null where there is none. */
    Value wanted(Value root, ExpressionDraft draft) {
        if (draft == null) {
            return null;
        }
        for (Value value : draft.inner().reversed()) {
            Slot slot = terms.array(value).slot();
            long others = outside(value, draft) - (value.equals(root) ? 1 : 0);
            if (slot.awaits() && !isStored(slot) && costly(value, draft, others, 2)) {
                return value;
            }
        }
        return null;
    }

    boolean isStored(Slot slot) {
        return !slot.awaits() || rounded != null && rounded.kept(slot) != null;
    }

    void store(Slot slot, Value value) {
        if (!narrows(value) || rounded.alone(slot) == null) {
            slot.need();
        }
    }
}
