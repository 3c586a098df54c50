package sightline.kernels.grad;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/** Gradients of operations that move elements: the elements move back. */
final class LayoutRules {
    private LayoutRules() {}

    static void pull(Rules r, Layout op, Value dy) {
        GraphBuilder g = r.g;
        switch (op) {
            case Layout.Reshape reshape -> r.give(0, g.reshape(dy, r.input(0).shape()));
            case Layout.Permute permute -> {
                List<Integer> order = permute.order();
                Integer[] back = new Integer[order.size()];
                for (int i = 0; i < back.length; i++) {
                    back[order.get(i)] = i;
                }
                r.give(0, g.permute(dy, back));
            }
            case Layout.Concat concat -> concat(r, dy, concat.axis());
            case Layout.Slice slice -> slice(r, slice, dy);
            case Layout.Pad pad -> pad(r, pad, dy);
            case Layout.Expand expand -> r.give(0, dy);
        }
    }

    private static void concat(Rules r, Value dy, int axis) {
        int at = dy.shape().axis(axis);
        long start = 0;
        for (int i = 0; i < r.node.inputs().size(); i++) {
            long end = start + r.input(i).size(at);
            r.give(i, r.g.slice(dy, at, start, end));
            start = end;
        }
    }

    private static void slice(Rules r, Layout.Slice slice, Value dy) {
        GraphBuilder g = r.g;
        int axis = dy.shape().axis(slice.axis());
        int step = slice.step();
        long start = slice.start().length();
        long length = slice.length().length();
        Value part = dy;
        if (step < 0) {
            part = g.flip(part, axis);
            start += (length - 1) * step;
        }
        int apart = Math.abs(step);
        if (apart > 1) {
            part = spread(g, part, axis, apart);
        }
        r.givePart(0, part, axis, start);
    }

    /** Elements {@code apart} places from each other with zeros between, and none after the last. */
    private static Value spread(GraphBuilder g, Value x, int axis, int apart) {
        long length = x.size(axis);
        List<Dim> lone = new ArrayList<>(x.shape().dims());
        lone.add(axis + 1, Dim.of(1));
        Value column = g.reshape(x, new Shape(lone));
        Integer[] before = new Integer[lone.size()];
        Integer[] after = new Integer[lone.size()];
        java.util.Arrays.fill(before, 0);
        java.util.Arrays.fill(after, 0);
        after[axis + 1] = apart - 1;
        Value padded = g.pad(column, List.of(before), List.of(after), Layout.Edge.CONSTANT, 0);
        Value flat = g.reshape(padded, x.shape().with(axis, length * apart));
        return g.slice(flat, axis, 0, (length - 1) * apart + 1);
    }

    private static void pad(Rules r, Layout.Pad pad, Value dy) {
        Rules.require(pad.edge() == Layout.Edge.CONSTANT, pad + " has no gradient");
        Value inner = dy;
        for (int axis = 0; axis < dy.shape().rank(); axis++) {
            long start = pad.before().get(axis);
            long end = start + r.input(0).size(axis);
            if (start > 0 || end < dy.size(axis)) {
                inner = r.g.slice(inner, axis, start, end);
            }
        }
        r.give(0, inner);
    }
}
