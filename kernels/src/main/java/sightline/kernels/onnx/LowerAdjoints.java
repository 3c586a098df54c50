package sightline.kernels.onnx;

import java.util.Arrays;
import java.util.List;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.onnx.wire.Attribute;

/** The adjoints that survive decomposition: those that add to places found at run time. */
final class LowerAdjoints {
    private LowerAdjoints() {}

    static void write(Adjoint op, Node node, List<String> in, ModelWriter out) {
        switch (op) {
            case Adjoint.MaxPoolInput pool -> maxPool(pool, node, in, out);
            case Adjoint.ScatterAdd scatter -> scatter(scatter, node, in, out);
            case Adjoint.ConvWeight weight -> throw undecomposed(weight);
            case Adjoint.AvgPoolInput pool -> throw undecomposed(pool);
            case Adjoint.ResizeInput resize -> throw undecomposed(resize);
            case Adjoint.ActivationInput through -> throw undecomposed(through);
            case Adjoint.BatchNormInput norm -> throw undecomposed(norm);
            case Adjoint.AttentionInputs inputs -> throw undecomposed(inputs);
        }
    }

    private static EngineException undecomposed(Adjoint op) {
        return new EngineException(op + " was not decomposed before lowering");
    }

    /** The pool's indices count through the whole tensor, so the gradient is added to a flat zero. */
    private static void maxPool(Adjoint.MaxPoolInput pool, Node node, List<String> in, ModelWriter out) {
        String indices = out.fresh();
        out.node(
                "MaxPool",
                List.of(in.get(0)),
                List.of(out.fresh(), indices),
                Attributes.ints("kernel_shape", pool.kernelY(), pool.kernelX()),
                Attributes.pads(pool.window()),
                Attributes.strides(pool.window()),
                Attributes.dilations(pool.window()));
        String flat = out.integers(-1);
        String zeros = zeros(out, node.output(), node.output().shape().elements());
        String sum = out.inner(
                "ScatterElements",
                List.of(
                        zeros,
                        out.inner("Reshape", List.of(indices, flat)),
                        out.inner("Reshape", List.of(in.get(1), flat))),
                add(0));
        out.node(
                "Reshape",
                List.of(sum, out.integers(node.output().shape().toArray())),
                List.of(out.name(node.output())));
    }

    /** Index axes are merged into one, and each index is repeated over the slice that it moves. */
    private static void scatter(Adjoint.ScatterAdd op, Node node, List<String> in, ModelWriter out) {
        Shape made = node.output().shape();
        long count = node.input(0).shape().elements();
        long[] slices = made.with(op.axis(), count).toArray();
        long[] column = new long[slices.length];
        Arrays.fill(column, 1);
        column[op.axis()] = count;
        String indices = out.inner(
                "Expand",
                List.of(out.inner("Reshape", List.of(in.get(0), out.integers(column))), out.integers(slices)));
        String updates = out.inner("Reshape", List.of(in.get(1), out.integers(slices)));
        out.node(
                "ScatterElements",
                List.of(zeros(out, node.output(), made.toArray()), indices, updates),
                List.of(out.name(node.output())),
                add(op.axis()));
    }

    private static Attribute[] add(int axis) {
        return new Attribute[] {Attributes.of("axis", (long) axis), Attributes.of("reduction", "add")};
    }

    private static String zeros(ModelWriter out, Value like, long... shape) {
        return out.inner("Expand", List.of(out.scalar(0, like.dtype()), out.integers(shape)));
    }
}
