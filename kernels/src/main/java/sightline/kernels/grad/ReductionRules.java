package sightline.kernels.grad;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.Elementwise.Relation;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Reduction.Kind;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/** Gradients of reductions. Of several equal extremes each takes an equal share. */
final class ReductionRules {
    private ReductionRules() {}

    static void pull(Rules r, Reduction op, Value dy) {
        switch (op) {
            case Reduction.Reduce reduce -> reduce(r, reduce.kind(), reduce.axes(), dy);
            case Reduction.ArgReduce arg -> throw r.none();
        }
    }

    private static void reduce(Rules r, Kind kind, List<Integer> axes, Value dy) {
        GraphBuilder g = r.g;
        Value x = r.input(0);
        Shape kept = kept(x.shape(), axes);
        Value back = g.reshape(dy, kept);
        switch (kind) {
            case SUM -> r.give(0, g.expand(back, x.shape()));
            case MEAN -> {
                double share = (double) kept.elements() / x.shape().elements();
                r.give(0, g.expand(g.mul(back, share), x.shape()));
            }
            case MAX, MIN -> {
                Value extreme = g.reshape(r.output(), kept);
                Value is = g.cast(g.compare(Relation.EQ, x, g.expand(extreme, x.shape())), x.dtype());
                Value ties = g.sum(is, axes.stream().mapToInt(Integer::intValue).toArray());
                r.give(0, g.mul(is, g.div(back, ties)));
            }
        }
    }

    private static Shape kept(Shape shape, List<Integer> axes) {
        List<Dim> dims = new ArrayList<>(shape.dims());
        axes.forEach(axis -> dims.set(shape.axis(axis), Dim.of(1)));
        return new Shape(dims);
    }
}
