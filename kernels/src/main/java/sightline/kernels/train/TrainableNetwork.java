package sightline.kernels.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.grad.Fp8Activations;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;

/**
 * A network made ready for training: its learned parameters are inputs ({@code parameter/NAME}), since they change with
 * every step; batch normalisation has its training meaning; and what feeds running statistics is an output ({@code
 * statistic/NAME}). Running variances are fed by biased variances.
 *
 * @param forward the outputs that the loss wants, nothing else
 * @param joint outputs, gradients and statistics from inputs and cotangents, see {@link Gradients}
 * @param outputs names of the outputs that the loss wants
 */
public record TrainableNetwork(Graph forward, Graph joint, List<String> outputs) {
    /** Prefix of the inputs that are learned. */
    public static final String PARAMETER = "parameter/";

    /** Prefix of outputs that feed running statistics. */
    public static final String STATISTIC = "statistic/";

    /** Prepares a network whose dimensions are all bound. */
    public static TrainableNetwork of(Graph network) {
        Set<String> statistics = new LinkedHashSet<>();
        Graph opened = open(network, statistics);
        List<String> outputs = List.copyOf(network.outputs().keySet());
        List<String> learned = opened.inputs().keySet().stream()
                .filter(name -> name.startsWith(PARAMETER))
                .toList();
        return new TrainableNetwork(only(opened, outputs), Gradients.of(opened, outputs, learned), outputs);
    }

    /** The same network, whose backward half is given activations in eight bits. */
    public TrainableNetwork withFp8Activations() {
        return withFp8Activations(Fp8Activations.Extent.ALL);
    }

    /** The same, of which more or fewer are kept. */
    public TrainableNetwork withFp8Activations(Fp8Activations.Extent extent) {
        return new TrainableNetwork(forward, Fp8Activations.of(joint, extent), outputs);
    }

    private static Graph open(Graph network, Set<String> statistics) {
        GraphBuilder out = GraphBuilder.named(network.name());
        Map<String, Value> fed = new LinkedHashMap<>();
        Map<Value, Value> image = out.absorb(network, (node, operands, g) -> switch (node.op()) {
            case Source.Parameter parameter -> List.of(leaf(g, parameter));
            case Norm.BatchNorm norm -> {
                List<Value> made = g.apply(norm.withTraining(true), operands);
                fed.put(name(node, 3), made.get(1));
                fed.put(name(node, 4), made.get(2));
                yield made;
            }
            default -> g.apply(node.op(), operands);
        });
        network.outputs().forEach((name, value) -> out.output(name, image.get(value)));
        fed.forEach((name, value) -> {
            out.output(STATISTIC + name, value);
            statistics.add(name);
        });
        return out.build();
    }

    /** A learned parameter becomes an input; a running statistic is not read in training, so any constant will do. */
    private static Value leaf(GraphBuilder g, Source.Parameter parameter) {
        return parameter.role() == Source.Role.WEIGHT
                ? g.input(
                        PARAMETER + parameter.name(),
                        DType.F32,
                        parameter.type().shape())
                : g.fill(0, parameter.type().dtype(), parameter.type().shape());
    }

    private static String name(Node node, int input) {
        return ((Source.Parameter) node.input(input).node().op()).name();
    }

    private static Graph only(Graph graph, List<String> outputs) {
        GraphBuilder out = GraphBuilder.named(graph.name());
        Map<Value, Value> image = out.absorb(graph, (node, operands, g) -> g.apply(node.op(), operands));
        outputs.forEach(name -> out.output(name, image.get(graph.output(name))));
        return out.build();
    }

    /** Learned parameters of a network with fresh values: see {@link Initializer}. */
    public static Parameters parameters(Graph network, long seed) {
        List<Parameter> list = new ArrayList<>();
        network.parameters().forEach((name, value) -> {
            if (((Source.Parameter) value.node().op()).role() == Source.Role.WEIGHT) {
                list.add(Parameter.of(name, value.shape().toArray(), Initializer.draw(name, value.shape(), seed)));
            }
        });
        return new Parameters(list);
    }

    /** Running statistics of a network as they start: means 0, variances 1. */
    public static Parameters statistics(Graph network) {
        List<Parameter> list = new ArrayList<>();
        network.parameters().forEach((name, value) -> {
            boolean buffer = ((Source.Parameter) value.node().op()).role() == Source.Role.BUFFER;
            if (buffer && value.dtype().isReal()) {
                float[] values = new float[(int) value.shape().elements()];
                java.util.Arrays.fill(values, name.endsWith("var") ? 1 : 0);
                list.add(new Parameter(name, value.shape().toArray(), values, false));
            }
        });
        return new Parameters(list);
    }
}
