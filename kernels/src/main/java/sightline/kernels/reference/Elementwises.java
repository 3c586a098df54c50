package sightline.kernels.reference;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.tensor.DType;

/** Element-wise operations. */
final class Elementwises {
    private Elementwises() {}

    static Array through(Adjoint.ActivationInput op, Array dy, Array of, Array out) {
        for (int i = 0; i < out.size; i++) {
            out.reals[i] = dy.reals[i] * slope(op.function(), of.reals[i]);
        }
        return out;
    }

    private static double slope(Elementwise.Function function, double x) {
        return switch (function) {
            case RELU -> x > 0 ? 1 : 0;
            case RELU6 -> x > 0 && x < 6 ? 1 : 0;
            case HARD_SWISH -> x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5;
            case SILU -> {
                double s = 1 / (1 + Math.exp(-x));
                yield s + x * s * (1 - s);
            }
            default -> throw new IllegalArgumentException("no slope of " + function);
        };
    }

    static Array run(Elementwise op, List<Array> in, Array out) {
        switch (op) {
            case Elementwise.Unary unary -> unary(unary.function(), in.getFirst(), out);
            case Elementwise.Binary binary -> binary(binary.arithmetic(), in, out);
            case Elementwise.Compare compare -> compare(compare.relation(), in, out);
            case Elementwise.Logical logical -> {
                int[] a = spread(in.get(0), out);
                int[] b = spread(in.get(1), out);
                for (int i = 0; i < out.size; i++) {
                    long x = in.get(0).wholes[a[i]];
                    long y = in.get(1).wholes[b[i]];
                    out.wholes[i] = switch (logical.logic()) {
                        case AND -> x & y;
                        case OR -> x | y;
                        case XOR -> x ^ y;
                    };
                }
            }
            case Elementwise.Not not -> {
                for (int i = 0; i < out.size; i++) {
                    out.wholes[i] = 1 - in.getFirst().wholes[i];
                }
            }
            case Elementwise.Clamp clamp -> {
                for (int i = 0; i < out.size; i++) {
                    if (out.reals != null) {
                        out.reals[i] = Math.min(Math.max(in.getFirst().reals[i], clamp.low()), clamp.high());
                    } else {
                        out.wholes[i] =
                                (long) Math.min(Math.max((double) in.getFirst().wholes[i], clamp.low()), clamp.high());
                    }
                }
            }
            case Elementwise.Cast cast -> cast(in.getFirst(), out);
            case Elementwise.Where where -> {
                int[] c = spread(in.get(0), out);
                int[] a = spread(in.get(1), out);
                int[] b = spread(in.get(2), out);
                for (int i = 0; i < out.size; i++) {
                    boolean yes = in.get(0).wholes[c[i]] != 0;
                    Array from = in.get(yes ? 1 : 2);
                    int at = yes ? a[i] : b[i];
                    if (out.reals != null) {
                        out.reals[i] = from.reals[at];
                    } else {
                        out.wholes[i] = from.wholes[at];
                    }
                }
            }
        }
        return out;
    }

    private static int[] spread(Array from, Array out) {
        return Strides.offsets(out.shape, Strides.broadcast(from.shape, out.shape), 0);
    }

    private static void cast(Array x, Array out) {
        for (int i = 0; i < out.size; i++) {
            if (out.reals != null) {
                out.reals[i] = x.get(i);
            } else if (out.dtype == DType.BOOL) {
                out.wholes[i] = x.get(i) != 0 ? 1 : 0;
            } else {
                out.wholes[i] = Rounding.wrap(out.dtype, x.reals != null ? (long) x.reals[i] : x.wholes[i]);
            }
        }
    }

    private static void binary(Elementwise.Arithmetic arithmetic, List<Array> in, Array out) {
        int[] a = spread(in.get(0), out);
        int[] b = spread(in.get(1), out);
        for (int i = 0; i < out.size; i++) {
            if (out.reals != null) {
                out.reals[i] = apply(arithmetic, in.get(0).reals[a[i]], in.get(1).reals[b[i]]);
            } else {
                out.wholes[i] =
                        Rounding.wrap(out.dtype, apply(arithmetic, in.get(0).wholes[a[i]], in.get(1).wholes[b[i]]));
            }
        }
    }

    private static double apply(Elementwise.Arithmetic arithmetic, double x, double y) {
        return switch (arithmetic) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case POW -> Math.pow(x, y);
            case MAX -> Math.max(x, y);
            case MIN -> Math.min(x, y);
        };
    }

    private static long apply(Elementwise.Arithmetic arithmetic, long x, long y) {
        return switch (arithmetic) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case POW -> (long) Math.pow((double) x, (double) y);
            case MAX -> Math.max(x, y);
            case MIN -> Math.min(x, y);
        };
    }

    private static void compare(Elementwise.Relation relation, List<Array> in, Array out) {
        int[] a = spread(in.get(0), out);
        int[] b = spread(in.get(1), out);
        for (int i = 0; i < out.size; i++) {
            boolean holds = in.get(0).reals != null
                    ? holds(relation, in.get(0).reals[a[i]], in.get(1).reals[b[i]])
                    : holds(relation, in.get(0).wholes[a[i]], in.get(1).wholes[b[i]]);
            out.wholes[i] = holds ? 1 : 0;
        }
    }

    private static boolean holds(Elementwise.Relation relation, double x, double y) {
        return switch (relation) {
            case EQ -> x == y;
            case NE -> x != y;
            case LT -> x < y;
            case LE -> x <= y;
            case GT -> x > y;
            case GE -> x >= y;
        };
    }

    private static boolean holds(Elementwise.Relation relation, long x, long y) {
        return switch (relation) {
            case EQ -> x == y;
            case NE -> x != y;
            case LT -> x < y;
            case LE -> x <= y;
            case GT -> x > y;
            case GE -> x >= y;
        };
    }

    private static void unary(Elementwise.Function function, Array x, Array out) {
        if (out.reals == null) {
            for (int i = 0; i < out.size; i++) {
                long v = x.wholes[i];
                out.wholes[i] = switch (function) {
                    case NEG -> -v;
                    case ABS -> Math.abs(v);
                    case SIGN -> Long.signum(v);
                    case SQUARE -> v * v;
                    case RELU -> Math.max(v, 0);
                    default -> throw new IllegalStateException(function + " of integers");
                };
            }
            return;
        }
        DoubleUnaryOperator f = function(function);
        for (int i = 0; i < out.size; i++) {
            out.reals[i] = f.applyAsDouble(x.reals[i]);
        }
    }

    private static DoubleUnaryOperator function(Elementwise.Function function) {
        return switch (function) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case SIGN -> Math::signum;
            case SQUARE -> x -> x * x;
            case SQRT -> Math::sqrt;
            case RECIPROCAL -> x -> 1 / x;
            case EXP -> Math::exp;
            case LOG -> Math::log;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case ERF -> Erf::erf;
            case FLOOR -> Math::floor;
            case CEIL -> Math::ceil;
            case ROUND -> Math::rint;
            case SIGMOID -> Elementwises::sigmoid;
            case TANH -> Math::tanh;
            case SOFTPLUS -> x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
            case RELU -> x -> Math.max(x, 0);
            case RELU6 -> x -> Math.min(Math.max(x, 0), 6);
            case HARD_SIGMOID -> Elementwises::hardSigmoid;
            case HARD_SWISH -> x -> x * hardSigmoid(x);
            case SILU -> x -> x * sigmoid(x);
            case GELU_TANH -> x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case GELU_ERF -> x -> 0.5 * x * (1 + Erf.erf(x / Math.sqrt(2)));
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double hardSigmoid(double x) {
        return Math.min(Math.max(x + 3, 0), 6) / 6;
    }
}
