package sightline.kernels.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints the structure of a graph with values numbered anew, so that the text depends on structure alone. */
final class GraphPrinter {
    private final Map<Value, String> labels = new HashMap<>();
    private final StringBuilder out = new StringBuilder();

    private GraphPrinter() {}

    static String print(Graph graph) {
        GraphPrinter printer = new GraphPrinter();
        printer.out.append("graph ").append(graph.name()).append('\n');
        graph.nodes().forEach(printer::line);
        graph.outputs().forEach((name, value) -> printer.out
                .append("output ")
                .append(name)
                .append(" = ")
                .append(printer.labels.get(value))
                .append('\n'));
        return printer.out.toString();
    }

    private void line(Node node) {
        String made = node.outputs().stream()
                .map(value -> {
                    labels.put(value, "%" + labels.size());
                    return labels.get(value);
                })
                .collect(Collectors.joining(", "));
        String types = node.outputs().stream().map(v -> v.type().toString()).collect(Collectors.joining(", "));
        String operands = node.inputs().stream().map(labels::get).collect(Collectors.joining(", "));
        out.append("%s: %s = %s(%s)".formatted(made, types, node.op(), operands));
        if (!node.scope().isEmpty()) {
            out.append("  # ").append(node.scope());
        }
        out.append('\n');
    }
}
