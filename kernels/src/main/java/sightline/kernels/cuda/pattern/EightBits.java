package sightline.kernels.cuda.pattern;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.grad.Fp8Activations;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Elementwise.Arithmetic;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Op;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;

/**
 * Where a graph keeps activations as {@link Fp8Activations} writes it, so that one kernel packs and one unpacks and bytes
 * lie in between. Pure: looks at the graph alone; what does not look exactly so is left to the operations it is made of.
 */
public final class EightBits {
    private static final float EPSILON = 1e-10f;
    private static final float STEPS = (float) (1 / 448.0);

    private final Graph graph;
    private final Map<Value, List<Node>> uses;
    private final Map<Node, Value> packed = new HashMap<>();
    private final Map<Node, Node> unpacked = new HashMap<>();
    private final Set<Value> wholes = new HashSet<>();
    private final Set<Node> covered = new HashSet<>();

    private EightBits(Graph graph) {
        this.graph = graph;
        this.uses = graph.uses();
    }

    /** All that is kept so in a graph. */
    public static EightBits of(Graph graph) {
        EightBits found = new EightBits(graph);
        graph.nodes().forEach(found::look);
        return found;
    }

    /** Every node on its own. */
    public static EightBits none(Graph graph) {
        return new EightBits(graph);
    }

    /** Whether another node's kernel makes what this one would. */
    public boolean covers(Node node) {
        return covered.contains(node);
    }

    /** The rows that a node's codes stand for, or null where it makes none. */
    public Value packedBy(Node node) {
        return packed.get(node);
    }

    /** Whether one scale in all is kept of a value, or of a mere reshaping of it. */
    public boolean keepsWhole(Value value) {
        return wholes.contains(value);
    }

    /** The node whose codes another one unpacks, or null. */
    public Node unpackedBy(Node node) {
        return unpacked.get(node);
    }

    private void look(Node codes) {
        if (!casts(codes, DType.F8E4M3) || !does(codes.input(0), Arithmetic.DIV)) {
            return;
        }
        Node quotient = codes.input(0).node();
        Value rows = quotient.input(0);
        Value scale = quotient.input(1);
        boolean shaped = rows.shape().rank() == 2
                && (rows.size(0) == 1 || rows.size(1) == Fp8Activations.GROUP)
                && does(scale, Arithmetic.MUL);
        if (!shaped || !holds(scale.node().input(1), STEPS)) {
            return;
        }
        Value sum = scale.node().input(0);
        if (!does(sum, Arithmetic.ADD) || !holds(sum.node().input(1), EPSILON)) {
            return;
        }
        Value largest = sum.node().input(0);
        if (!(largest.node().op() instanceof Reduction.Reduce reduce)
                || reduce.kind() != Reduction.Kind.MAX
                || !reduce.axes().equals(List.of(1))) {
            return;
        }
        Value magnitudes = largest.node().input(0);
        if (!(magnitudes.node().op() instanceof Elementwise.Unary unary)
                || unary.function() != Function.ABS
                || magnitudes.node().input(0) != rows) {
            return;
        }
        List<Node> scaled = users(scale);
        List<Node> stored =
                scaled.stream().filter(node -> casts(node, DType.BF16)).toList();
        boolean alone =
                List.of(codes.input(0), sum, largest, magnitudes).stream().allMatch(v -> users(v).size() == 1);
        if (alone && scaled.size() == 2 && stored.size() == 1 && scaled.contains(quotient)) {
            List<Node> within = List.of(quotient, scale.node(), sum.node(), largest.node(), magnitudes.node());
            back(codes, stored.getFirst(), rows, within);
        }
    }

    /** Both ends must be ours: codes that something else reads are not bytes to it. */
    private void back(Node codes, Node stored, Value rows, List<Node> within) {
        List<Node> inner = new ArrayList<>(within);
        inner.add(stored);
        Set<Node> products = new HashSet<>();
        for (Node half : List.of(codes, stored)) {
            for (Node widened : users(half.output())) {
                if (widened == null || !casts(widened, DType.F32)) {
                    return;
                }
                inner.add(widened);
                products.addAll(users(widened.output()));
            }
        }
        boolean all = products.stream()
                .allMatch(p -> p != null
                        && does(p.output(), Arithmetic.MUL)
                        && p.input(0).node().op() instanceof Elementwise.Cast
                        && p.input(1).node().op() instanceof Elementwise.Cast
                        && p.input(0).node().input(0) == codes.output()
                        && p.input(1).node().input(0) == stored.output());
        if (all) {
            packed.put(codes, rows);
            for (Value whole = rows; rows.size(0) == 1 && wholes.add(whole); ) {
                whole = whole.node().op() instanceof Layout.Reshape
                        ? whole.node().input(0)
                        : whole;
            }
            products.forEach(p -> unpacked.put(p, codes));
            covered.addAll(inner);
        }
    }

    /** Who reads a value; null among them stands for the world outside. */
    private List<Node> users(Value value) {
        List<Node> users = new ArrayList<>(uses.getOrDefault(value, List.of()));
        if (graph.outputs().containsValue(value)) {
            users.add(null);
        }
        return users;
    }

    private static boolean casts(Node node, DType to) {
        return node != null && node.op() instanceof Elementwise.Cast cast && cast.dtype() == to;
    }

    private static boolean does(Value value, Arithmetic arithmetic) {
        return value.node().op() instanceof Elementwise.Binary binary && binary.arithmetic() == arithmetic;
    }

    private static boolean holds(Value value, float number) {
        Op op = value.node().op();
        return op instanceof Source.Fill fill && (float) fill.value() == number;
    }
}
