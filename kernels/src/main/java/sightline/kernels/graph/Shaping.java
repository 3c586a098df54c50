package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Operations that move elements. */
public interface Shaping extends Writer {
    default Value reshape(Value x, Shape shape) {
        return x.shape().equals(shape) ? x : single(new Layout.Reshape(shape), x);
    }

    /** Reshape in which one length may be -1: what is left. */
    default Value reshape(Value x, long... lengths) {
        long product = 1;
        int open = -1;
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] == -1) {
                GraphException.require(open < 0, "Two open dimensions in %s", Arrays.toString(lengths));
                open = i;
            } else {
                product *= lengths[i];
            }
        }
        Dim[] dims = new Dim[lengths.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i == open ? x.shape().count().over(product) : Dim.of(lengths[i]);
        }
        return reshape(x, Shape.of(dims));
    }

    default Value permute(Value x, Integer... order) {
        return single(new Layout.Permute(List.of(order)), x);
    }

    /** Two axes exchanged. */
    default Value transpose(Value x, int a, int b) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, x.shape().rank()).boxed().toList());
        Collections.swap(order, x.shape().axis(a), x.shape().axis(b));
        return single(new Layout.Permute(order), x);
    }

    default Value concat(int axis, Value... parts) {
        return parts.length == 1 ? parts[0] : single(new Layout.Concat(axis), parts);
    }

    default Value concat(int axis, List<Value> parts) {
        return concat(axis, parts.toArray(Value[]::new));
    }

    /** Elements from {@code start} to before {@code end} along an axis. */
    default Value slice(Value x, int axis, long start, long end) {
        return single(new Layout.Slice(axis, Dim.of(start), Dim.of(end - start), 1), x);
    }

    /** Every {@code step}-th element from {@code start}, {@code length} of them. */
    default Value stride(Value x, int axis, long start, long length, int step) {
        return single(new Layout.Slice(axis, Dim.of(start), Dim.of(length), step), x);
    }

    /** The order of an axis reversed. */
    default Value flip(Value x, int axis) {
        Dim length = x.shape().dim(axis);
        return single(new Layout.Slice(axis, length.plus(-1), length, -1), x);
    }

    /** Parts of the given lengths, one after the other along an axis. */
    default List<Value> split(Value x, int axis, long... lengths) {
        List<Value> parts = new ArrayList<>();
        long start = 0;
        for (long length : lengths) {
            parts.add(slice(x, axis, start, start + length));
            start += length;
        }
        GraphException.require(start == x.size(axis), "%s does not split into %s", x, Arrays.toString(lengths));
        return parts;
    }

    /** {@code count} equal parts along an axis. */
    default List<Value> chunk(Value x, int axis, int count) {
        GraphException.require(x.size(axis) % count == 0, "%s has no %d equal parts", x, count);
        long[] lengths = new long[count];
        Arrays.fill(lengths, x.size(axis) / count);
        return split(x, axis, lengths);
    }

    /** Zeros around the last two axes. */
    default Value padImage(Value x, int top, int left, int bottom, int right) {
        return single(
                new Layout.Pad(List.of(0, 0, top, left), List.of(0, 0, bottom, right), Layout.Edge.CONSTANT, 0), x);
    }

    default Value pad(Value x, List<Integer> before, List<Integer> after, Layout.Edge edge, double value) {
        return single(new Layout.Pad(before, after, edge, value), x);
    }

    default Value expand(Value x, Shape shape) {
        return x.shape().equals(shape) ? x : single(new Layout.Expand(shape), x);
    }

    /** Every element {@code times} times in a row along an axis, as {@code repeat_interleave} does. */
    default Value repeatInterleave(Value x, int axis, long times) {
        int at = x.shape().axis(axis);
        List<Dim> apart = new ArrayList<>(x.shape().dims());
        apart.add(at + 1, Dim.of(1));
        Value column = reshape(x, new Shape(apart));
        apart.set(at + 1, Dim.of(times));
        return reshape(
                expand(column, new Shape(apart)),
                x.shape().with(at, x.shape().dim(at).times(times)));
    }
}
