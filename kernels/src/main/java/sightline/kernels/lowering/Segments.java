package sightline.kernels.lowering;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;

/**
 * A graph cut into runs of nodes that alternate between an engine and the host. A node's segment is one later than that
 * of its latest operand if that one is on the other side, so the segments run one after the other and are as few as the
 * longest such path.
 */
public final class Segments {
    private Segments() {}

    /**
     * Nodes that run together.
     *
     * @param host whether the host runs them
     * @param nodes in topological order; parameters and constants stand in every segment that reads them
     * @param inputs values from earlier segments and the graph's inputs
     * @param outputs values that later segments or the caller read
     */
    public record Segment(boolean host, List<Node> nodes, List<Value> inputs, List<Value> outputs) {}

    /** Cuts the graph; {@code onHost} says which operations the engine leaves to the host. */
    public static List<Segment> cut(Graph graph, Predicate<Node> onHost) {
        Map<Node, Integer> level = new HashMap<>();
        int last = 0;
        for (Node node : graph.nodes()) {
            if (isShared(node) || node.op() instanceof Source.Input) {
                continue;
            }
            int parity = onHost.test(node) ? 1 : 0;
            int at = parity;
            for (Value operand : node.inputs()) {
                int before = level.getOrDefault(operand.node(), 0);
                at = Math.max(at, before + (before % 2 == parity ? 0 : 1));
            }
            level.put(node, at);
            last = Math.max(last, at);
        }
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            int here = i;
            List<Node> nodes = graph.nodes().stream()
                    .filter(n -> level.getOrDefault(n, -1) == here)
                    .toList();
            if (!nodes.isEmpty()) {
                segments.add(segment(graph, nodes, i % 2 == 1));
            }
        }
        return segments;
    }

    /** Parameters and literals cost nothing to repeat. */
    private static boolean isShared(Node node) {
        return node.op() instanceof Source && !(node.op() instanceof Source.Input);
    }

    private static Segment segment(Graph graph, List<Node> nodes, boolean host) {
        Set<Node> inside = new HashSet<>(nodes);
        Set<Value> inputs = new LinkedHashSet<>();
        Set<Node> sources = new LinkedHashSet<>();
        for (Node node : nodes) {
            for (Value operand : node.inputs()) {
                if (isShared(operand.node())) {
                    sources.add(operand.node());
                } else if (!inside.contains(operand.node())) {
                    inputs.add(operand);
                }
            }
        }
        Set<Value> outputs = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (!inside.contains(node)) {
                node.inputs().stream().filter(v -> inside.contains(v.node())).forEach(outputs::add);
            }
        }
        graph.outputs().values().stream().filter(v -> inside.contains(v.node())).forEach(outputs::add);
        List<Node> all = new ArrayList<>(sources);
        all.addAll(nodes);
        return new Segment(host, all, List.copyOf(inputs), List.copyOf(outputs));
    }
}
