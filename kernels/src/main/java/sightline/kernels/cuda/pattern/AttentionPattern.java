package sightline.kernels.cuda.pattern;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;

/**
 * ReLU linear attention as the networks write it: tokens reshaped to heads, cut into q, k and v, and {@code (v k') q /
 * ((1 k') q + epsilon)} reshaped back. Where the whole pattern is there and nothing else looks inside, one pair of kernels
 * replaces it.
 *
 * @param result the image that the pattern ends in
 * @param sources the images whose channels hold the heads, one or two of equal width
 * @param heads heads of one source
 * @param width channels of a head
 * @param inner nodes that the kernels replace
 */
public record AttentionPattern(Node result, List<Value> sources, int heads, int width, float epsilon, Set<Node> inner) {

    /** All matches of a graph, by the node whose output they make. */
    public static Map<Node, AttentionPattern> find(Graph graph, Folding folding) {
        Map<Node, AttentionPattern> found = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Elementwise.Binary binary && binary.arithmetic() == Elementwise.Arithmetic.DIV) {
                AttentionPattern match = match(node, folding);
                if (match != null) {
                    found.put(match.result, match);
                }
            }
        }
        return found;
    }

    private static AttentionPattern match(Node division, Folding folding) {
        Node applied = product(division.input(0), false, false);
        Node weight = sum(division.input(1));
        if (applied == null || weight == null) {
            return null;
        }
        Node mass = product(weight.input(0), true, false);
        Float epsilon = scalar(weight.input(1), folding);
        Node state = product(applied.input(0), false, true);
        if (mass == null || epsilon == null || state == null || mass.input(1) != applied.input(1)) {
            return null;
        }
        Node total = mass.input(0).node();
        boolean sums = total.op() instanceof Reduction.Reduce reduce
                && reduce.kind() == Reduction.Kind.SUM
                && reduce.keep()
                && reduce.axes().equals(List.of(3))
                && total.input(0) == state.input(1);
        Node q = relu(applied.input(1));
        Node k = relu(state.input(1));
        if (!sums || q == null || k == null) {
            return null;
        }
        Node[] parts = {q.input(0).node(), k.input(0).node(), state.input(0).node()};
        int width = Math.toIntExact(state.input(0).size(2));
        for (int i = 0; i < 3; i++) {
            boolean slice = parts[i].op() instanceof Layout.Slice s
                    && parts[i].output().shape().axis(s.axis()) == 2
                    && s.step() == 1
                    && s.start().length() == (long) i * width
                    && s.length().length() == width
                    && parts[i].input(0) == parts[0].input(0);
            if (!slice) {
                return null;
            }
        }
        Node tokens = parts[0].input(0).node();
        Node result = folding.onlyUse(division.output());
        boolean reshaped = tokens.op() instanceof Layout.Reshape
                && tokens.input(0).shape().rank() == 4
                && tokens.output().shape().rank() == 4
                && result != null
                && result.op() instanceof Layout.Reshape
                && result.output().shape().rank() == 4;
        if (!reshaped || (width != 16 && width != 32)) {
            return null;
        }
        Set<Node> inner = new HashSet<>(
                List.of(division, applied, weight, mass, state, total, q, k, parts[0], parts[1], parts[2], tokens));
        return sources(tokens, result, width, epsilon, inner, folding);
    }

    private static AttentionPattern sources(
            Node tokens, Node result, int width, float epsilon, Set<Node> inner, Folding folding) {
        Node joined = tokens.input(0).node();
        List<Value> sources = List.of(tokens.input(0));
        boolean joins = joined.op() instanceof Layout.Concat concat
                && tokens.input(0).shape().axis(concat.axis()) == 1
                && folding.onlyUse(joined.output()) == tokens;
        if (joins && joined.inputs().size() <= 2) {
            sources = joined.inputs();
            inner.add(joined);
        }
        long channels = sources.getFirst().size(1);
        boolean equal = sources.stream().allMatch(s -> s.size(1) == channels);
        boolean closed = inner.stream().allMatch(n -> onlyInside(n, inner, result, folding));
        if (!equal || !closed || channels % (3L * width) != 0) {
            return null;
        }
        int heads = Math.toIntExact(channels / (3L * width));
        return new AttentionPattern(result, List.copyOf(sources), heads, width, epsilon, inner);
    }

    private static boolean onlyInside(Node node, Set<Node> inner, Node result, Folding folding) {
        return folding.uses(node.output()).stream().allMatch(user -> inner.contains(user) || user == result)
                && !folding.isOutput(node.output());
    }

    private static Node product(Value value, boolean transposeA, boolean transposeB) {
        return value.node().op() instanceof Linear.MatMul op
                        && op.transposeA() == transposeA
                        && op.transposeB() == transposeB
                ? value.node()
                : null;
    }

    private static Node sum(Value value) {
        return value.node().op() instanceof Elementwise.Binary op && op.arithmetic() == Elementwise.Arithmetic.ADD
                ? value.node()
                : null;
    }

    private static Node relu(Value value) {
        return value.node().op() instanceof Elementwise.Unary op && op.function() == Elementwise.Function.RELU
                ? value.node()
                : null;
    }

    private static Float scalar(Value value, Folding folding) {
        if (value.shape().elements() != 1) {
            return null;
        }
        if (value.node().op() instanceof Source.Fill fill) {
            return (float) fill.value();
        }
        float[] known = folding.vector(value);
        return known == null ? null : known[0];
    }
}
