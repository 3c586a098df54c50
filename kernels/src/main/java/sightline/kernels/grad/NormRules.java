package sightline.kernels.grad;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/** Gradients of normalisations. */
final class NormRules {
    private NormRules() {}

    static void pull(Rules r, Norm op, List<Value> cotangents) {
        for (Value later : cotangents.subList(1, cotangents.size())) {
            Rules.require(later == null, op + ": statistics have no gradient");
        }
        Value dy = cotangents.getFirst();
        switch (op) {
            case Norm.BatchNorm norm -> batch(r, norm, dy);
            case Norm.LayerNorm norm -> along(r, norm.axis(), norm.epsilon(), dy, true);
            case Norm.RmsNorm norm -> along(r, norm.axis(), norm.epsilon(), dy, false);
            case Norm.GroupNorm norm -> group(r, norm.groups(), norm.epsilon(), dy);
        }
    }

    private static void batch(Rules r, Norm.BatchNorm norm, Value dy) {
        GraphBuilder g = r.g;
        Value x = r.input(0);
        if (norm.training()) {
            List<Value> statistics = r.node.outputs();
            List<Value> pulled = g.apply(
                    new Adjoint.BatchNormInput(norm.epsilon()),
                    List.of(x, dy, r.input(1), statistics.get(1), statistics.get(2)));
            for (int i = 0; i < 3; i++) {
                r.give(i, pulled.get(i));
            }
            return;
        }
        Value inverse = g.reciprocal(g.sqrt(g.add(r.input(4), norm.epsilon())));
        Value s = g.reshape(channelSum(g, dy), r.input(3).shape());
        Value products = g.reshape(channelSum(g, g.mul(dy, x)), r.input(3).shape());
        r.give(0, g.mul(dy, g.reshape(g.mul(r.input(1), inverse), column(x.shape(), 1))));
        r.give(1, g.mul(inverse, g.sub(products, g.mul(r.input(3), s))));
        r.give(2, s);
    }

    /** Sums what lies contiguous first: many short sums keep an engine busier than a few long ones. */
    private static Value channelSum(GraphBuilder g, Value x) {
        int rank = x.shape().rank();
        int[] inner = java.util.stream.IntStream.range(2, rank).toArray();
        return g.sum(inner.length == 0 ? x : g.sum(x, inner), 0);
    }

    private static void along(Rules r, int axis, double epsilon, Value dy, boolean centred) {
        GraphBuilder g = r.g;
        Value x = r.input(0);
        int at = x.shape().axis(axis);
        Value from = centred ? g.sub(x, g.mean(x, at)) : x;
        Value inverse = g.reciprocal(g.sqrt(g.add(g.mean(g.square(from), at), epsilon)));
        Value normal = g.mul(from, inverse);
        Value weighted = affine(r, dy, normal, at);
        r.give(0, pullNormal(g, weighted, normal, inverse, centred, at));
    }

    private static void group(Rules r, int groups, double epsilon, Value dy) {
        GraphBuilder g = r.g;
        Value x = r.input(0);
        Shape flat = Shape.of(x.size(0), groups, x.shape().elements() / (x.size(0) * groups));
        Value rows = g.reshape(x, flat);
        Value from = g.sub(rows, g.mean(rows, 2));
        Value inverse = g.reciprocal(g.sqrt(g.add(g.mean(g.square(from), 2), epsilon)));
        Value normal = g.mul(from, inverse);
        Value weighted = affine(r, dy, g.reshape(normal, x.shape()), 1);
        Value pulled = pullNormal(g, g.reshape(weighted, flat), normal, inverse, true, 2);
        r.give(0, g.reshape(pulled, x.shape()));
    }

    private static Value pullNormal(GraphBuilder g, Value dy, Value normal, Value inverse, boolean centred, int axis) {
        Value along = g.mul(normal, g.mean(g.mul(dy, normal), axis));
        Value rest = centred ? g.sub(dy, g.mean(dy, axis)) : dy;
        return g.mul(inverse, g.sub(rest, along));
    }

    /** Gives the gradients of scale and bias, where there are any, and the cotangent of what they were applied to. */
    private static Value affine(Rules r, Value dy, Value normal, int axis) {
        GraphBuilder g = r.g;
        int[] axes = others(dy.shape().rank(), axis);
        int inputs = r.node.inputs().size();
        if (inputs > 2) {
            r.give(2, g.reshape(g.sum(dy, axes), r.input(2).shape()));
        }
        if (inputs < 2) {
            return dy;
        }
        r.give(1, g.reshape(g.sum(g.mul(dy, normal), axes), r.input(1).shape()));
        return g.mul(dy, g.reshape(r.input(1), column(dy.shape(), axis)));
    }

    private static Shape column(Shape shape, int axis) {
        long[] lengths = new long[shape.rank()];
        java.util.Arrays.fill(lengths, 1);
        lengths[axis] = shape.size(axis);
        return Shape.of(lengths);
    }

    private static int[] others(int rank, int axis) {
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            if (i != axis) {
                axes.add(i);
            }
        }
        return axes.stream().mapToInt(Integer::intValue).toArray();
    }
}
