package sightline.kernels.reference;

import java.util.List;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.Indexing;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.Value;

/** Runs one node. Inputs and parameters are somebody else's business. */
final class Evaluator {
    private final Statefuls statefuls;
    private final boolean single;

    Evaluator(Statefuls statefuls, boolean single) {
        this.statefuls = statefuls;
        this.single = single;
    }

    List<Array> run(Node node, List<Array> in) {
        List<Array> out = compute(node, in);
        // Layouts may share the operand's data, which is rounded already: rounding twice changes nothing.
        out.forEach(array -> array.round(single));
        return out;
    }

    private List<Array> compute(Node node, List<Array> in) {
        return switch (node.op()) {
            case Source op -> List.of(source(op, made(node, 0)));
            case Convolution op -> List.of(Convolutions.run(op, in, made(node, 0)));
            case Norm op -> Norms.run(op, in, made(node));
            case Elementwise op -> List.of(Elementwises.run(op, in, made(node, 0)));
            case Reduction op -> List.of(Reductions.run(op, in.getFirst(), made(node, 0)));
            case Linear op -> List.of(Linears.run(op, in, made(node, 0)));
            case Attention op -> List.of(Attentions.run(op, in, made(node, 0)));
            case Layout op -> List.of(Layouts.run(op, in, made(node, 0)));
            case Spatial op -> List.of(Spatials.run(op, in.getFirst(), made(node, 0)));
            case Indexing op -> Indexings.run(op, in, made(node));
            case Finding.Boxes op -> List.of(Boxes.find(op, in, made(node, 0)));
            case Finding.Peaks op -> List.of(Peaks.find(op, in, made(node, 0)));
            case Finding.Summits op -> List.of(Peaks.search(in, made(node, 0)));
            case Stateful op -> List.of(statefuls.run(op, in, node.output().type()));
            case Adjoint.BatchNormInput op -> Norms.batchInput(op, in, made(node));
            case Adjoint.AttentionInputs op -> Attentions.inputs(op.attention(), in, made(node));
            case Adjoint op -> List.of(adjoint(op, in, made(node, 0)));
        };
    }

    private static Array source(Source op, Array out) {
        return switch (op) {
            case Source.Constant constant -> Array.copyOf(constant.value());
            case Source.Fill fill -> {
                for (int i = 0; i < out.size; i++) {
                    if (out.reals != null) {
                        out.reals[i] = fill.value();
                    } else {
                        out.wholes[i] = (long) fill.value();
                    }
                }
                yield out;
            }
            case Source.Range range -> {
                for (int i = 0; i < out.size; i++) {
                    if (out.reals != null) {
                        out.reals[i] = i;
                    } else {
                        out.wholes[i] = i;
                    }
                }
                yield out;
            }
            case Source.Input input -> throw new IllegalStateException("Input " + input.name() + " is not computed");
            case Source.Parameter parameter ->
                throw new IllegalStateException("Parameter " + parameter.name() + " is not computed");
        };
    }

    private static Array adjoint(Adjoint op, List<Array> in, Array out) {
        return switch (op) {
            case Adjoint.ConvWeight weight -> Convolutions.weight(weight, in, out);
            case Adjoint.MaxPoolInput pool -> Spatials.maxPoolInput(pool, in.get(0), in.get(1), out);
            case Adjoint.AvgPoolInput pool -> Spatials.avgPoolInput(pool, in.getFirst(), out);
            case Adjoint.ResizeInput resize -> Spatials.resizeInput(resize, in.getFirst(), out);
            case Adjoint.ScatterAdd scatter -> Indexings.scatterAdd(scatter, in, out);
            case Adjoint.ActivationInput activation -> Elementwises.through(activation, in.get(0), in.get(1), out);
            case Adjoint.BatchNormInput norm -> throw new IllegalStateException(norm + " has three outputs");
            case Adjoint.AttentionInputs inputs -> throw new IllegalStateException(inputs + " is run whole");
        };
    }

    private static Array made(Node node, int index) {
        return Array.zeros(node.outputs().get(index).type());
    }

    private static List<Array> made(Node node) {
        return node.outputs().stream().map(Value::type).map(Array::zeros).toList();
    }
}
