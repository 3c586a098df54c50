package sightline.kernels.cuda.single;

import java.util.List;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Node;
import sightline.kernels.tensor.DType;

/** One element at a time. */
final class Elementwise32 {
    private final Elements32 elements;

    Elementwise32(Elements32 elements) {
        this.elements = elements;
    }

    Array32 lower(Elementwise op, List<Array32> in, Node node) {
        Array32 x = in.getFirst();
        int[] shape = Lowering32.shape(node.output());
        return switch (op) {
            case Elementwise.Unary unary -> unary(unary.function(), x);
            case Elementwise.Binary binary ->
                elements.binary(
                        Codes.of(binary.arithmetic()) + (x.whole() ? Elements32.WHOLE : 0),
                        x,
                        in.get(1),
                        x.whole(),
                        shape);
            case Elementwise.Compare compare ->
                elements.binary(
                        Elements32.RELATION + Codes.of(compare.relation()) + (x.whole() ? Elements32.WHOLE : 0),
                        x,
                        in.get(1),
                        true,
                        shape);
            case Elementwise.Logical logical ->
                elements.binary(
                        Elements32.WHOLE + Elements32.LOGIC + Codes.of(logical.logic()), x, in.get(1), true, shape);
            case Elementwise.Not not -> elements.unary(Elements32.NOT, x, true);
            case Elementwise.Clamp clamp ->
                elements.unary(
                        x.whole() ? Elements32.WHOLE_CLAMP : Elements32.CLAMP,
                        x,
                        x.whole(),
                        (float) clamp.low(),
                        (float) clamp.high(),
                        0,
                        0);
            case Elementwise.Cast cast -> cast(cast.dtype(), x, node.input(0).dtype());
            case Elementwise.Where where -> elements.choice(x, in.get(1), in.get(2), shape);
        };
    }

    private Array32 unary(Elementwise.Function function, Array32 x) {
        if (!x.whole()) {
            return elements.unary(Codes.of(function), x, false);
        }
        int code =
                switch (function) {
                    case NEG -> 0;
                    case ABS -> 1;
                    case SIGN -> 2;
                    case SQUARE -> 3;
                    case RELU -> 4;
                    default -> throw new UnsupportedOperationException(function + " of integers");
                };
        return elements.unary(Elements32.WHOLE_NEG + code, x, true);
    }

    private Array32 cast(DType to, Array32 x, DType from) {
        if (to == from) {
            return x;
        }
        if (to == DType.BOOL) {
            return elements.unary(x.whole() ? Elements32.TO_TRUTH : Elements32.FLOAT_TO_TRUTH, x, true);
        }
        if (!to.isReal()) {
            Array32 whole = x.whole() ? x : elements.unary(Elements32.TO_WHOLE, x, true);
            return switch (to) {
                case I8 -> elements.unary(Elements32.WRAP_I8, whole, true);
                case U8 -> elements.unary(Elements32.WRAP_U8, whole, true);
                default -> whole;
            };
        }
        Array32 real = x.whole() ? elements.unary(Elements32.TO_FLOAT, x, false) : x;
        return switch (to) {
            case F16 -> narrow(real, 10, -14, 65504, 0);
            case BF16 -> narrow(real, 7, -126, 3.3895314e38f, 0);
            case F8E4M3 -> narrow(real, 3, -6, 448, 1);
            case F8E5M2 -> narrow(real, 2, -14, 57344, 1);
            default -> real;
        };
    }

    private Array32 narrow(Array32 x, int mantissa, int lowest, float largest, float saturates) {
        return elements.unary(Elements32.NARROW, x, false, largest, saturates, mantissa, lowest);
    }
}
