package sightline.kernels.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import sightline.kernels.engine.EngineException;
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
import sightline.kernels.graph.Op;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.TensorType;
import sightline.kernels.graph.Value;
import sightline.kernels.lowering.Segments.Segment;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

/** Writes the nodes of a decomposed graph as ONNX nodes. */
final class Lowering {
    private final ModelWriter out;

    private final Quantization plan;

    private Lowering(ModelWriter out, Quantization plan) {
        this.out = out;
        this.plan = plan;
    }

    /** Operations that the host runs beside the model. State crosses the model's border as inputs and outputs. */
    static boolean isHost(Node node) {
        return switch (node.op()) {
            case Finding found -> true;
            case Stateful.ReadState read -> false;
            case Stateful.WriteState write -> false;
            case Stateful other -> true;
            default -> false;
        };
    }

    /** The oldest operator set that has what the nodes need: 17, with GELU 20, with 8-bit floats 21. */
    static int opset(List<Node> nodes) {
        int opset = 17;
        for (Node node : nodes) {
            if (node.op() instanceof Elementwise.Unary unary
                    && (unary.function() == Elementwise.Function.GELU_ERF
                            || unary.function() == Elementwise.Function.GELU_TANH)) {
                opset = Math.max(opset, 20);
            }
            if (node.outputs().stream().anyMatch(v -> v.dtype() == DType.F8E4M3 || v.dtype() == DType.F8E5M2)) {
                opset = 21;
            }
        }
        return opset;
    }

    /**
     * The model of one segment. {@code border} names its inputs and outputs; state that is read is an input {@code
     * read:name}, state that is written an output {@code write:name}.
     */
    static ModelWriter write(Segment segment, String name, Function<Value, String> border, Quantization plan) {
        ModelWriter out = new ModelWriter(name, opset(segment.nodes()));
        Lowering lowering = new Lowering(out, plan);
        for (Value input : segment.inputs()) {
            out.name(input, border.apply(input));
            out.input(border.apply(input), input.type());
        }
        List<Value> renamed = new ArrayList<>();
        for (Value value : segment.outputs()) {
            if (value.node().op() instanceof Stateful || segment.inputs().contains(value)) {
                renamed.add(value);
            } else {
                out.name(value, border.apply(value));
            }
            out.output(border.apply(value), value.type());
        }
        segment.nodes().forEach(lowering::node);
        for (Value value : renamed) {
            out.node("Identity", List.of(out.name(value)), List.of(border.apply(value)));
        }
        return out;
    }

    private void node(Node node) {
        if (plan.covers(node)) {
            LowerQuantized.convolution(node, plan, out);
        } else {
            plain(node);
        }
        if (plan.ends(node.output())) {
            LowerQuantized.end(node.output(), plan, out);
        }
    }

    private void plain(Node node) {
        List<String> in = node.inputs().stream().map(out::name).toList();
        for (Value operand : node.inputs()) {
            if (operand.node().op() instanceof Source.Parameter parameter) {
                out.external(parameter.name(), parameter.type());
            }
        }
        switch (node.op()) {
            case Source op -> source(op, node.output());
            case Convolution op -> LowerImages.convolution(op, node, in, out);
            case Norm op -> norm(op, node, in);
            case Elementwise op -> LowerElementwise.write(op, node, in, out);
            case Reduction op -> LowerReductions.write(op, node, in, out);
            case Linear op -> linear(op, node, in);
            case Attention op -> throw undecomposed(op);
            case Layout op -> LowerLayout.write(op, node, in, out);
            case Spatial op -> LowerImages.spatial(op, node, in, out);
            case Indexing op -> indexing(op, node, in);
            case Finding op -> throw hosted(op);
            case Stateful op -> state(op, node, in);
            case Adjoint op -> LowerAdjoints.write(op, node, in, out);
        }
    }

    private void source(Source op, Value value) {
        switch (op) {
            case Source.Input input -> throw new IllegalStateException(input.name() + " is a border");
            // Declared by the first node that reads it: the runtime refuses parameters that nothing reads.
            case Source.Parameter parameter -> out.name(value, parameter.name());
            case Source.Constant constant -> out.name(value, out.literal(constant.value()));
            case Source.Fill fill -> {
                TensorType type = fill.type();
                String scalar = out.scalar(fill.value(), type.dtype());
                out.name(
                        value,
                        type.shape().rank() == 0
                                ? scalar
                                : out.inner(
                                        "Expand",
                                        List.of(
                                                scalar,
                                                out.integers(type.shape().toArray()))));
            }
            case Source.Range range -> {
                Tensor numbers = Tensor.allocate(range.dtype(), range.length().length());
                for (long i = 0; i < numbers.size(); i++) {
                    numbers.set(i, (double) i);
                }
                out.name(value, out.literal(numbers));
            }
        }
    }

    private void norm(Norm op, Node node, List<String> in) {
        String y = out.name(node.output());
        switch (op) {
            case Norm.BatchNorm norm ->
                out.node("BatchNormalization", in, List.of(y), Attributes.of("epsilon", norm.epsilon()));
            case Norm.LayerNorm norm ->
                out.node(
                        "LayerNormalization",
                        in,
                        List.of(y),
                        Attributes.of("axis", -1L),
                        Attributes.of("epsilon", norm.epsilon()));
            case Norm.RmsNorm norm -> throw undecomposed(norm);
            case Norm.GroupNorm norm -> throw undecomposed(norm);
        }
    }

    private static EngineException undecomposed(Object op) {
        return new EngineException(op + " was not decomposed before lowering");
    }

    private void linear(Linear op, Node node, List<String> in) {
        String y = out.name(node.output());
        switch (op) {
            case Linear.MatMul matMul -> {
                String a = matMul.transposeA() ? turned(in.get(0), node.input(0)) : in.get(0);
                String b = matMul.transposeB() ? turned(in.get(1), node.input(1)) : in.get(1);
                out.node("MatMul", List.of(a, b), List.of(y));
            }
            case Linear.Softmax softmax ->
                out.node("Softmax", in, List.of(y), Attributes.of("axis", (long) softmax.axis()));
        }
    }

    private String turned(String name, Value value) {
        int rank = value.shape().rank();
        long[] order = new long[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = i < rank - 2 ? i : 2L * rank - 3 - i;
        }
        return out.inner("Transpose", List.of(name), Attributes.ints("perm", order));
    }

    private void indexing(Indexing op, Node node, List<String> in) {
        List<String> made = new ArrayList<>();
        node.outputs().forEach(value -> made.add(out.name(value)));
        switch (op) {
            case Indexing.Gather gather -> out.node("Gather", in, made, Attributes.of("axis", (long) gather.axis()));
            case Indexing.GatherElements gather ->
                out.node("GatherElements", in, made, Attributes.of("axis", (long) gather.axis()));
            case Indexing.TopK topK ->
                out.node("TopK", List.of(in.getFirst(), out.integers(topK.count())), made, Attributes.of("axis", (long)
                        topK.axis()));
        }
    }

    private void state(Stateful op, Node node, List<String> in) {
        switch (op) {
            case Stateful.ReadState read -> {
                out.name(node.output(), "read:" + read.name());
                out.input("read:" + read.name(), read.type());
            }
            case Stateful.WriteState write -> {
                out.node("Identity", in, List.of("write:" + write.name()));
                out.output("write:" + write.name(), node.output().type());
                out.name(node.output(), in.getFirst());
            }
            case Stateful.Philox philox -> throw hosted(philox);
            case Stateful.AllGather gather -> throw hosted(gather);
            case Stateful.AllReduce reduce -> throw hosted(reduce);
            case Stateful.Halo halo -> throw hosted(halo);
        }
    }

    private static EngineException hosted(Op op) {
        return new EngineException(op + " belongs to the host");
    }
}
