package sightline.kernels.cuda.expression;

import static sightline.kernels.cuda.expression.Ptx.literal;

import java.util.List;
import sightline.kernels.graph.Elementwise.Arithmetic;
import sightline.kernels.graph.Elementwise.Function;

/**
 * What one element is made of another, as elementwise.cuh has it: the same functions by the same codes, NaN passed on alike.
 * Exponentials are the machine's own, quotients right to two units in the last place.
 */
final class PtxMath {
    private static final double LOG2_E = 1.4426950408889634;
    private static final String ONE = literal(1);
    private static final String ZERO = literal(0);
    private static final Function[] FUNCTIONS = Function.values();
    private static final Arithmetic[] ARITHMETIC = Arithmetic.values();

    private final Ptx ptx;

    PtxMath(Ptx ptx) {
        this.ptx = ptx;
    }

    /** Whether every operation is one that is written here. */
    static boolean writes(List<ExpressionDraft.Made> operations) {
        return operations.stream().allMatch(made -> ExpressionDraft.sums(made) || writes(made.code()));
    }

    private static boolean writes(int code) {
        if (code >= Chain32.SLOPE) {
            return true;
        }
        if (code >= Chain32.ARITHMETIC) {
            return switch (ARITHMETIC[code - Chain32.ARITHMETIC]) {
                case ADD, SUB, MUL, DIV, MAX, MIN -> true;
                default -> false;
            };
        }
        return code < FUNCTIONS.length
                && switch (FUNCTIONS[code]) {
                    case LOG, SIN, COS, ERF, TANH, SOFTPLUS, GELU_ERF -> false;
                    default -> true;
                };
    }

    String apply(int code, String a, String b) {
        if (code >= Chain32.SLOPE) {
            return product(a, slope(code - Chain32.SLOPE, b));
        }
        return code >= Chain32.ARITHMETIC
                ? binary(ARITHMETIC[code - Chain32.ARITHMETIC], a, b)
                : unary(FUNCTIONS[code], a);
    }

    private String binary(Arithmetic op, String a, String b) {
        return switch (op) {
            case ADD -> sum(a, b);
            case SUB -> ptx.number("sub.f32", a, b);
            case MUL -> product(a, b);
            case DIV -> ptx.number("div.full.f32", a, b);
            case MAX -> ptx.number("max.NaN.f32", a, b);
            case MIN -> ptx.number("min.NaN.f32", a, b);
            default -> throw new IllegalArgumentException(op.toString());
        };
    }

    private String unary(Function function, String x) {
        return switch (function) {
            case NEG -> ptx.number("neg.f32", x);
            case ABS -> ptx.number("abs.f32", x);
            case SIGN -> sign(x);
            case SQUARE -> product(x, x);
            case SQRT -> ptx.number("sqrt.rn.f32", x);
            case RECIPROCAL -> ptx.number("rcp.rn.f32", x);
            case EXP -> exponential(x);
            case FLOOR -> ptx.number("cvt.rmi.f32.f32", x);
            case CEIL -> ptx.number("cvt.rpi.f32.f32", x);
            case ROUND -> ptx.number("cvt.rni.f32.f32", x);
            case SIGMOID -> sigmoid(x);
            case RELU -> ptx.number("max.NaN.f32", x, ZERO);
            case RELU6 -> limited(x);
            case HARD_SIGMOID -> hardSigmoid(x);
            case HARD_SWISH -> product(x, hardSigmoid(x));
            case SILU -> product(x, sigmoid(x));
            case GELU_TANH -> geluTanh(x);
            default -> throw new IllegalArgumentException(function.toString());
        };
    }

    /** The derivative of an activation, by the activation's code in tensor_core.cuh. */
    private String slope(int activation, String z) {
        return switch (activation) {
            case 1 -> chosen(ptx.truth("setp.gt.f32", z, ZERO), ONE, ZERO);
            case 2 -> {
                String below = chosen(ptx.truth("setp.lt.f32", z, literal(6)), ONE, ZERO);
                yield chosen(ptx.truth("setp.gt.f32", z, ZERO), below, ZERO);
            }
            case 3 -> {
                String line = ptx.number("fma.rn.f32", z, literal(1 / 3f), literal(0.5));
                String below = chosen(ptx.truth("setp.ge.f32", z, literal(3)), ONE, line);
                yield chosen(ptx.truth("setp.le.f32", z, literal(-3)), ZERO, below);
            }
            case 4 -> {
                String s = sigmoid(z);
                String rest = ptx.number("sub.f32", ONE, s);
                yield ptx.number("fma.rn.f32", product(z, s), rest, s);
            }
            default -> ONE;
        };
    }

    String sum(String a, String b) {
        return ptx.number("add.f32", a, b);
    }

    String product(String a, String b) {
        return ptx.number("mul.f32", a, b);
    }

    private String chosen(String truth, String yes, String no) {
        return ptx.number("selp.f32", yes, no, truth);
    }

    private String sign(String x) {
        String negative = chosen(ptx.truth("setp.lt.f32", x, ZERO), literal(-1), x);
        return chosen(ptx.truth("setp.gt.f32", x, ZERO), ONE, negative);
    }

    private String limited(String x) {
        return ptx.number("min.NaN.f32", ptx.number("max.NaN.f32", x, ZERO), literal(6));
    }

    private String hardSigmoid(String x) {
        return product(limited(sum(x, literal(3))), literal(1 / 6f));
    }

    private String sigmoid(String x) {
        String power = ptx.number("ex2.approx.ftz.f32", product(x, literal(-LOG2_E)));
        return ptx.number("rcp.approx.ftz.f32", sum(power, ONE));
    }

    /** 0.5 (1 + tanh(u)) is the sigmoid of 2u. */
    private String geluTanh(String x) {
        String cubic = ptx.number("fma.rn.f32", product(x, x), literal(0.044715), ONE);
        return product(x, sigmoid(product(product(x, literal(2 * 0.7978845608)), cubic)));
    }

    /** As CUDA's own: a power of two from the exponent's bits times 2 to a number of at most a half, both parts of log2 e. */
    private String exponential(String x) {
        String shifted = ptx.number("fma.rn.sat.f32", x, literal(0.005724980), literal(0.5));
        String whole = ptx.number("fma.rm.f32", shifted, literal(252), literal(12_582_913));
        String back = ptx.number("sub.f32", literal(12_583_039), whole);
        String first = ptx.number("fma.rn.f32", x, literal(LOG2_E), back);
        String part = ptx.number("fma.rn.f32", x, literal(LOG2_E - (float) LOG2_E), first);
        String power = ptx.make(Ptx.Bank.FLOAT, "mov.b32", ptx.word("shl.b32", bits(whole), 23));
        return product(ptx.number("ex2.approx.ftz.f32", part), power);
    }

    String bits(String number) {
        return ptx.word("mov.b32", number);
    }
}
