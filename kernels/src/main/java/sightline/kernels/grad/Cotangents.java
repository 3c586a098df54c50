package sightline.kernels.grad;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/** Gathers what all uses of a value contribute, and sums it up once. */
final class Cotangents {
    private final Shape shape;
    private final List<Value> wholes = new ArrayList<>();
    private final List<Contribution.Part> parts = new ArrayList<>();

    Cotangents(Shape shape) {
        this.shape = shape;
    }

    void add(Contribution contribution) {
        switch (contribution) {
            case Contribution.Whole whole -> wholes.add(whole.value());
            case Contribution.Part part -> parts.add(part);
        }
    }

    Value sum(GraphBuilder out) {
        List<Value> terms = new ArrayList<>(wholes);
        if (tile()) {
            terms.add(out.concat(
                    parts.getFirst().axis(),
                    parts.stream().map(Contribution.Part::value).toList()));
        } else {
            parts.forEach(part -> terms.add(pad(out, part)));
        }
        Value sum = terms.getFirst();
        for (Value term : terms.subList(1, terms.size())) {
            sum = out.add(sum, term);
        }
        return sum;
    }

    /** Whether the parts, once sorted, follow each other without gap or overlap over the whole axis. */
    private boolean tile() {
        if (parts.size() < 2) {
            return false;
        }
        int axis = parts.getFirst().axis();
        parts.sort(Comparator.comparingLong(Contribution.Part::start));
        long at = 0;
        for (Contribution.Part part : parts) {
            if (part.axis() != axis || part.start() != at) {
                return false;
            }
            at = part.end();
        }
        return at == shape.size(axis);
    }

    private Value pad(GraphBuilder out, Contribution.Part part) {
        int rank = shape.rank();
        Integer[] before = new Integer[rank];
        Integer[] after = new Integer[rank];
        java.util.Arrays.fill(before, 0);
        java.util.Arrays.fill(after, 0);
        before[part.axis()] = (int) part.start();
        after[part.axis()] = (int) (shape.size(part.axis()) - part.end());
        return out.pad(part.value(), List.of(before), List.of(after), Layout.Edge.CONSTANT, 0);
    }
}
