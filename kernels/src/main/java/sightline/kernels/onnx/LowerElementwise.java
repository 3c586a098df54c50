package sightline.kernels.onnx;

import java.util.List;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Node;
import sightline.kernels.tensor.DType;

/** Element-wise operations as ONNX. */
final class LowerElementwise {
    private LowerElementwise() {}

    static void write(Elementwise op, Node node, List<String> in, ModelWriter out) {
        List<String> y = List.of(out.name(node.output()));
        DType dtype = node.input(0).dtype();
        switch (op) {
            case Elementwise.Unary unary -> unary(unary.function(), dtype, in, y, out);
            case Elementwise.Binary binary -> out.node(name(binary.arithmetic()), in, y);
            case Elementwise.Compare compare -> compare(compare.relation(), in, y, out);
            case Elementwise.Logical logical ->
                out.node(
                        switch (logical.logic()) {
                            case AND -> "And";
                            case OR -> "Or";
                            case XOR -> "Xor";
                        },
                        in,
                        y);
            case Elementwise.Not not -> out.node("Not", in, y);
            case Elementwise.Clamp clamp -> {
                String low = Double.isInfinite(clamp.low()) ? "" : out.scalar(clamp.low(), dtype);
                String high = Double.isInfinite(clamp.high()) ? "" : out.scalar(clamp.high(), dtype);
                out.node("Clip", List.of(in.getFirst(), low, high), y);
            }
            case Elementwise.Cast cast -> out.node("Cast", in, y, Attributes.of("to", (long) Types.code(cast.dtype())));
            case Elementwise.Where where -> out.node("Where", in, y);
        }
    }

    private static String name(Elementwise.Arithmetic arithmetic) {
        return switch (arithmetic) {
            case ADD -> "Add";
            case SUB -> "Sub";
            case MUL -> "Mul";
            case DIV -> "Div";
            case POW -> "Pow";
            case MAX -> "Max";
            case MIN -> "Min";
        };
    }

    private static void compare(Elementwise.Relation relation, List<String> in, List<String> y, ModelWriter out) {
        switch (relation) {
            case EQ -> out.node("Equal", in, y);
            case NE -> out.node("Not", List.of(out.inner("Equal", in)), y);
            case LT -> out.node("Less", in, y);
            case LE -> out.node("LessOrEqual", in, y);
            case GT -> out.node("Greater", in, y);
            case GE -> out.node("GreaterOrEqual", in, y);
        }
    }

    private static void unary(
            Elementwise.Function function, DType dtype, List<String> in, List<String> y, ModelWriter out) {
        String x = in.getFirst();
        switch (function) {
            case NEG -> out.node("Neg", in, y);
            case ABS -> out.node("Abs", in, y);
            case SIGN -> out.node("Sign", in, y);
            case SQUARE -> out.node("Mul", List.of(x, x), y);
            case SQRT -> out.node("Sqrt", in, y);
            case RECIPROCAL -> out.node("Reciprocal", in, y);
            case EXP -> out.node("Exp", in, y);
            case LOG -> out.node("Log", in, y);
            case SIN -> out.node("Sin", in, y);
            case COS -> out.node("Cos", in, y);
            case ERF -> out.node("Erf", in, y);
            case FLOOR -> out.node("Floor", in, y);
            case CEIL -> out.node("Ceil", in, y);
            case ROUND -> out.node("Round", in, y);
            case SIGMOID -> out.node("Sigmoid", in, y);
            case TANH -> out.node("Tanh", in, y);
            case SOFTPLUS -> out.node("Softplus", in, y);
            case RELU -> out.node("Relu", in, y);
            case RELU6 -> out.node("Clip", List.of(x, out.scalar(0, dtype), out.scalar(6, dtype)), y);
            case HARD_SIGMOID ->
                out.node("HardSigmoid", in, y, Attributes.of("alpha", 1.0 / 6), Attributes.of("beta", 0.5));
            case HARD_SWISH -> out.node("HardSwish", in, y);
            case SILU -> out.node("Mul", List.of(x, out.inner("Sigmoid", in)), y);
            case GELU_TANH -> out.node("Gelu", in, y, Attributes.of("approximate", "tanh"));
            case GELU_ERF -> out.node("Gelu", in, y, Attributes.of("approximate", "none"));
        }
    }
}
