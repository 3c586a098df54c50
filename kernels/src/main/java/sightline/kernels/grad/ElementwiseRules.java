package sightline.kernels.grad;

import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Elementwise.Arithmetic;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.Elementwise.Relation;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Value;

/** Derivatives of functions of one element. At a kink the derivative is that of the side where the function is flat. */
final class ElementwiseRules {
    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
    private static final double ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

    private ElementwiseRules() {}

    static void pull(Rules r, Elementwise op, Value dy) {
        switch (op) {
            case Elementwise.Unary unary -> unary(r, unary.function(), dy);
            case Elementwise.Binary binary -> binary(r, binary.arithmetic(), dy);
            case Elementwise.Clamp clamp ->
                r.give(0, select(r.g, r.g.compare(Relation.EQ, r.input(0), r.output()), dy));
            case Elementwise.Cast cast -> r.give(0, r.g.cast(dy, r.input(0).dtype()));
            case Elementwise.Where where -> {
                Value zero = zero(r.g, dy);
                r.give(1, r.g.where(r.input(0), dy, zero));
                r.give(2, r.g.where(r.input(0), zero, dy));
            }
            case Elementwise.Compare compare -> {}
            case Elementwise.Logical logical -> {}
            case Elementwise.Not not -> {}
        }
    }

    private static void binary(Rules r, Arithmetic arithmetic, Value dy) {
        GraphBuilder g = r.g;
        Value a = r.input(0);
        Value b = r.input(1);
        switch (arithmetic) {
            case ADD -> {
                r.give(0, dy);
                r.give(1, dy);
            }
            case SUB -> {
                r.give(0, dy);
                r.give(1, g.neg(dy));
            }
            case MUL -> {
                r.give(0, g.mul(dy, b));
                r.give(1, g.mul(dy, a));
            }
            case DIV -> {
                Value share = g.div(dy, b);
                r.give(0, share);
                r.give(1, g.neg(g.mul(share, r.output())));
            }
            case POW -> {
                r.give(0, g.mul(dy, g.mul(b, g.pow(a, g.add(b, -1)))));
                r.give(1, g.mul(dy, g.mul(r.output(), g.log(a))));
            }
            case MAX -> choose(r, g.compare(Relation.GE, a, b), dy);
            case MIN -> choose(r, g.compare(Relation.LE, a, b), dy);
        }
    }

    private static void choose(Rules r, Value first, Value dy) {
        Value zero = zero(r.g, dy);
        r.give(0, r.g.where(first, dy, zero));
        r.give(1, r.g.where(first, zero, dy));
    }

    private static void unary(Rules r, Function function, Value dy) {
        GraphBuilder g = r.g;
        Value x = r.input(0);
        Value y = r.output();
        switch (function) {
            case NEG -> r.give(0, g.neg(dy));
            case ABS -> r.give(0, g.mul(dy, g.unary(Function.SIGN, x)));
            case SIGN, FLOOR, CEIL, ROUND -> {}
            case SQUARE -> r.give(0, g.mul(dy, g.mul(x, 2)));
            case SQRT -> r.give(0, g.div(g.mul(dy, 0.5), y));
            case RECIPROCAL -> r.give(0, g.neg(g.mul(dy, g.square(y))));
            case EXP -> r.give(0, g.mul(dy, y));
            case LOG -> r.give(0, g.div(dy, x));
            case SIN -> r.give(0, g.mul(dy, g.cos(x)));
            case COS -> r.give(0, g.neg(g.mul(dy, g.sin(x))));
            case ERF -> r.give(0, g.mul(dy, g.mul(g.exp(g.neg(g.square(x))), TWO_OVER_ROOT_PI)));
            case SIGMOID -> r.give(0, g.mul(dy, g.sub(y, g.square(y))));
            case TANH -> r.give(0, g.sub(dy, g.mul(dy, g.square(y))));
            case SOFTPLUS -> r.give(0, g.mul(dy, g.sigmoid(x)));
            case RELU, RELU6 -> r.give(0, g.single(new Adjoint.ActivationInput(function), dy, y));
            case HARD_SWISH, SILU -> r.give(0, g.single(new Adjoint.ActivationInput(function), dy, x));
            case HARD_SIGMOID -> {
                Value open = g.compare(Relation.LT, g.abs(x), g.scalar(3, x.dtype()));
                r.give(0, select(g, open, g.mul(dy, 1.0 / 6)));
            }
            case GELU_TANH -> r.give(0, g.mul(dy, geluTanh(g, x)));
            case GELU_ERF -> {
                Value density = g.mul(g.exp(g.mul(g.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
                Value mass = g.add(g.mul(g.unary(Function.ERF, g.mul(x, Math.sqrt(0.5))), 0.5), 0.5);
                r.give(0, g.mul(dy, g.add(mass, g.mul(x, density))));
            }
        }
    }

    private static Value geluTanh(GraphBuilder g, Value x) {
        Value square = g.square(x);
        Value t = g.tanh(g.mul(g.mul(x, g.add(g.mul(square, 0.044715), 1)), ROOT_TWO_OVER_PI));
        Value slope = g.mul(g.add(g.mul(square, 3 * 0.044715), 1), ROOT_TWO_OVER_PI);
        Value bend = g.mul(g.mul(x, 0.5), g.mul(g.add(g.neg(g.square(t)), 1), slope));
        return g.add(g.add(g.mul(t, 0.5), 0.5), bend);
    }

    private static Value select(GraphBuilder g, Value condition, Value dy) {
        return g.where(condition, dy, zero(g, dy));
    }

    private static Value zero(GraphBuilder g, Value like) {
        return g.scalar(0, like.dtype());
    }
}
