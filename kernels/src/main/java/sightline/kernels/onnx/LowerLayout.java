package sightline.kernels.onnx;

import java.util.List;
import java.util.stream.LongStream;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Node;

/** Layout operations as ONNX. */
final class LowerLayout {
    private LowerLayout() {}

    static void write(Layout op, Node node, List<String> in, ModelWriter out) {
        List<String> y = List.of(out.name(node.output()));
        String x = in.getFirst();
        switch (op) {
            case Layout.Reshape reshape ->
                out.node("Reshape", List.of(x, out.integers(reshape.shape().toArray())), y);
            case Layout.Permute permute -> out.node("Transpose", in, y, Attributes.ints("perm", permute.order()));
            case Layout.Concat concat -> out.node("Concat", in, y, Attributes.of("axis", (long) concat.axis()));
            case Layout.Slice slice -> {
                long start = slice.start().length();
                long end = start + slice.length().length() * slice.step();
                // Walking backwards, "one before the first" has no number of its own.
                out.node(
                        "Slice",
                        List.of(
                                x,
                                out.integers(start),
                                out.integers(end < 0 ? Integer.MIN_VALUE : end),
                                out.integers(slice.axis()),
                                out.integers(slice.step())),
                        y);
            }
            case Layout.Pad pad -> {
                long[] pads = LongStream.concat(
                                pad.before().stream().mapToLong(p -> p),
                                pad.after().stream().mapToLong(p -> p))
                        .toArray();
                String mode =
                        switch (pad.edge()) {
                            case CONSTANT -> "constant";
                            case REPLICATE -> "edge";
                            case REFLECT -> "reflect";
                        };
                String value = out.scalar(pad.value(), node.input(0).dtype());
                out.node("Pad", List.of(x, out.integers(pads), value), y, Attributes.of("mode", mode));
            }
            case Layout.Expand expand ->
                out.node("Expand", List.of(x, out.integers(expand.shape().toArray())), y);
        }
    }
}
