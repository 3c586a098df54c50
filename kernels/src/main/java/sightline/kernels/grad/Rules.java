package sightline.kernels.grad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.GraphException;
import sightline.kernels.graph.Indexing;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Stateful;
import sightline.kernels.graph.Value;

/** One node's pull-back: what its rules need, and the choice of the family that has them. */
final class Rules {
    final GraphBuilder g;
    final Node node;
    private final BiConsumer<Value, Contribution> sink;

    Rules(GraphBuilder g, Node node, BiConsumer<Value, Contribution> sink) {
        this.g = g;
        this.node = node;
        this.sink = sink;
    }

    /** Pulls the cotangents of the node's outputs, null where nothing depends on one, back to its inputs. */
    void pull(List<Value> cotangents) {
        Value dy = cotangents.getFirst();
        switch (node.op()) {
            case Elementwise op -> ElementwiseRules.pull(this, op, dy);
            case Convolution op -> ConvolutionRules.pull(this, op, dy);
            case Norm op -> NormRules.pull(this, op, cotangents);
            case Reduction op -> ReductionRules.pull(this, op, dy);
            case Linear op -> LinearRules.pull(this, op, dy);
            case Attention op -> LinearRules.pull(this, op, dy);
            case Layout op -> LayoutRules.pull(this, op, dy);
            case Spatial op -> SpatialRules.pull(this, op, dy);
            case Indexing op -> IndexingRules.pull(this, op, dy);
            case Finding op -> throw none();
            case Stateful.WriteState op -> give(0, dy);
            case Stateful op -> throw none();
            case Adjoint op -> throw none();
            case Source op -> throw none();
        }
    }

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new GraphException(message);
        }
    }

    GraphException none() {
        return new GraphException("%s: %s has no gradient".formatted(node.scope(), node.op()));
    }

    Value input(int index) {
        return node.input(index);
    }

    Value output() {
        return node.output();
    }

    /** The cotangent of an input, of that input's shape or of one that broadcasting made from it. */
    void give(int index, Value cotangent) {
        Value input = node.input(index);
        sink.accept(input, new Contribution.Whole(reduceTo(cotangent, input.shape())));
    }

    void givePart(int index, Value cotangent, int axis, long start) {
        sink.accept(node.input(index), new Contribution.Part(cotangent, axis, start));
    }

    /** Undoes broadcasting: sums over the axes along which {@code shape} was repeated. */
    Value reduceTo(Value value, Shape shape) {
        if (value.shape().equals(shape)) {
            return value;
        }
        int extra = value.shape().rank() - shape.rank();
        List<Integer> axes = new ArrayList<>();
        for (int i = 0; i < value.shape().rank(); i++) {
            boolean repeated = i < extra || shape.size(i - extra) == 1 && value.size(i) != 1;
            if (repeated) {
                axes.add(i);
            }
        }
        Value sum = axes.isEmpty()
                ? value
                : g.sum(value, axes.stream().mapToInt(Integer::intValue).toArray());
        return g.reshape(sum, shape);
    }
}
