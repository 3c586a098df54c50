package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The dimensions of a value, outermost first. Negative axes count from the end. */
public record Shape(List<Dim> dims) {
    public static final Shape SCALAR = new Shape(List.of());

    public Shape {
        dims = List.copyOf(dims);
    }

    public static Shape of(long... lengths) {
        return new Shape(Arrays.stream(lengths).mapToObj(Dim::of).toList());
    }

    public static Shape of(Dim... dims) {
        return new Shape(List.of(dims));
    }

    public int rank() {
        return dims.size();
    }

    public Dim dim(int axis) {
        return dims.get(axis(axis));
    }

    /** The known length of an axis. */
    public long size(int axis) {
        return dim(axis).length();
    }

    /** {@code axis} as a number from 0, or a {@link GraphException} where there is no such axis. */
    public int axis(int axis) {
        int positive = axis < 0 ? axis + rank() : axis;
        GraphException.require(positive >= 0 && positive < rank(), "%s has no axis %d", this, axis);
        return positive;
    }

    public boolean isKnown() {
        return dims.stream().allMatch(Dim::isKnown);
    }

    /** Product of all dimensions, possibly symbolic. */
    public Dim count() {
        Dim product = Dim.of(1);
        for (Dim dim : dims) {
            product = product.times(dim);
        }
        return product;
    }

    /** Number of elements of a known shape. */
    public long elements() {
        return count().length();
    }

    public long[] toArray() {
        return dims.stream().mapToLong(Dim::length).toArray();
    }

    public Shape with(int axis, Dim length) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(axis(axis), length);
        return new Shape(changed);
    }

    public Shape with(int axis, long length) {
        return with(axis, Dim.of(length));
    }

    public Shape without(int axis) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.remove(axis(axis));
        return new Shape(changed);
    }

    public Shape bind(Map<String, Long> lengths) {
        return new Shape(dims.stream().map(d -> d.bind(lengths)).toList());
    }

    /** The common shape of two operands by the usual right-aligned rule: lengths are equal, or one of them is 1. */
    public static Shape broadcast(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        Dim[] dims = new Dim[rank];
        Dim one = Dim.of(1);
        for (int i = 1; i <= rank; i++) {
            Dim x = i <= a.rank() ? a.dim(-i) : one;
            Dim y = i <= b.rank() ? b.dim(-i) : one;
            GraphException.require(
                    x.equals(y) || x.equals(one) || y.equals(one), "%s and %s do not broadcast together", a, b);
            dims[rank - i] = x.equals(one) ? y : x;
        }
        return of(dims);
    }

    @Override
    public String toString() {
        return dims.toString();
    }
}
