package sightline.kernels.onnx;

import java.util.List;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Reduction;

/** Reductions as ONNX; operator set 18 moved the axes from an attribute to an input. */
final class LowerReductions {
    private LowerReductions() {}

    static void write(Reduction op, Node node, List<String> in, ModelWriter out) {
        List<String> y = List.of(out.name(node.output()));
        switch (op) {
            case Reduction.Reduce reduce -> {
                String type =
                        switch (reduce.kind()) {
                            case SUM -> "ReduceSum";
                            case MEAN -> "ReduceMean";
                            case MAX -> "ReduceMax";
                            case MIN -> "ReduceMin";
                        };
                long keep = reduce.keep() ? 1 : 0;
                if (out.opset() >= 18 || reduce.kind() == Reduction.Kind.SUM) {
                    long[] axes = reduce.axes().stream().mapToLong(a -> a).toArray();
                    out.node(type, List.of(in.getFirst(), out.integers(axes)), y, Attributes.of("keepdims", keep));
                } else {
                    out.node(type, in, y, Attributes.ints("axes", reduce.axes()), Attributes.of("keepdims", keep));
                }
            }
            case Reduction.ArgReduce arg ->
                out.node(
                        arg.end() == Reduction.End.MAX ? "ArgMax" : "ArgMin",
                        in,
                        y,
                        Attributes.of("axis", (long) arg.axis()),
                        Attributes.of("keepdims", arg.keep() ? 1L : 0L));
        }
    }
}
