package sightline.kernels.lowering;

import java.util.List;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.Elementwise.Relation;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Value;

/** Gradients through activations written with comparisons and products. */
final class Activations {
    private Activations() {}

    static Value adjoint(Adjoint.ActivationInput op, List<Value> in, GraphBuilder g) {
        Value dy = in.get(0);
        Value x = in.get(1);
        return switch (op.function()) {
            case RELU -> g.mul(dy, g.unary(Function.SIGN, x));
            case RELU6 -> {
                Value open = g.compare(Relation.LT, g.abs(g.add(x, -3)), g.scalar(3, x.dtype()));
                yield g.where(open, dy, g.scalar(0, dy.dtype()));
            }
            case HARD_SWISH -> hardSwish(g, x, dy);
            case SILU -> {
                Value s = g.sigmoid(x);
                yield g.mul(dy, g.add(s, g.mul(g.mul(x, s), g.add(g.neg(s), 1))));
            }
            default -> throw new IllegalArgumentException("no gradient " + op);
        };
    }

    /** 0 below -3, 1 above 3, (2x + 3)/6 between. */
    private static Value hardSwish(GraphBuilder g, Value x, Value dy) {
        Value inner = g.mul(dy, g.add(g.mul(x, 1.0 / 3), 0.5));
        Value upper = g.where(g.compare(Relation.GE, x, g.scalar(3, x.dtype())), dy, inner);
        return g.where(g.compare(Relation.LE, x, g.scalar(-3, x.dtype())), g.scalar(0, dy.dtype()), upper);
    }
}
