package sightline.kernels.cuda.pattern;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Op;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;

/**
 * Layer norms of a training graph written as two means and elementwise operations, so that they join expressions:
 * what is normalised may be read in eight bits, and what comes out need not be stored. Gradients are written in the same
 * operations and make the means again; here they share them.
 */
public final class WrittenNorms {
    /** Rows that {@code Chain32} reduces a warp each. */
    private static final int LEAST_ROW = 16;

    private static final int MOST_ROW = 4096;

    /** What was made of which operands, as far as norms go. */
    private final Map<List<Object>, Value> made = new HashMap<>();

    private final Map<Op, Value> numbers = new HashMap<>();

    private WrittenNorms() {}

    /** The graph with its layer norms written so. */
    public static Graph of(Graph graph) {
        boolean any = graph.nodes().stream().anyMatch(WrittenNorms::writes);
        return any ? graph.rewrite(new WrittenNorms()::replace) : graph;
    }

    private static boolean writes(Node node) {
        if (!(node.op() instanceof Norm.LayerNorm norm) || node.inputs().size() > 1) {
            return false;
        }
        int rank = node.output().shape().rank();
        long row = node.output().size(-1);
        return node.output().shape().axis(norm.axis()) == rank - 1
                && row % 4 == 0
                && row >= LEAST_ROW
                && row <= MOST_ROW;
    }

    private List<Value> replace(Node node, List<Value> operands, GraphBuilder out) {
        if (node.op() instanceof Source.Fill) {
            return List.of(numbers.computeIfAbsent(
                    node.op(), op -> out.apply(op, List.of()).getFirst()));
        }
        if (writes(node)) {
            return List.of(normal((Norm.LayerNorm) node.op(), operands.getFirst(), out));
        }
        Value known = made.get(key(node.op(), operands));
        return known == null ? out.apply(node.op(), operands) : List.of(known);
    }

    /** In the operations, and in their order, of the gradient's own rule. */
    private Value normal(Norm.LayerNorm norm, Value x, GraphBuilder out) {
        Value from = make(out, arithmetic(Elementwise.Arithmetic.SUB), x, mean(out, x));
        Value square = make(out, new Elementwise.Unary(Elementwise.Function.SQUARE), from);
        Value epsilon = number(out, norm.epsilon());
        Value size = make(out, arithmetic(Elementwise.Arithmetic.ADD), mean(out, square), epsilon);
        Value root = make(out, new Elementwise.Unary(Elementwise.Function.SQRT), size);
        Value inverse = make(out, new Elementwise.Unary(Elementwise.Function.RECIPROCAL), root);
        return make(out, arithmetic(Elementwise.Arithmetic.MUL), from, inverse);
    }

    private static Op arithmetic(Elementwise.Arithmetic arithmetic) {
        return new Elementwise.Binary(arithmetic);
    }

    private Value number(GraphBuilder out, double value) {
        Value probe = out.scalar(value, sightline.kernels.tensor.DType.F32);
        return numbers.computeIfAbsent(probe.node().op(), op -> probe);
    }

    private Value mean(GraphBuilder out, Value x) {
        return make(
                out, new Reduction.Reduce(Reduction.Kind.MEAN, List.of(x.shape().rank() - 1), true), x);
    }

    private Value make(GraphBuilder out, Op op, Value... operands) {
        return made.computeIfAbsent(key(op, List.of(operands)), key -> out.apply(op, List.of(operands))
                .getFirst());
    }

    private static List<Object> key(Op op, List<Value> operands) {
        List<Object> key = new ArrayList<>(operands);
        key.add(op);
        return key;
    }
}
