package sightline.kernels.graph;

import sightline.kernels.tensor.DType;

/** One output of a node. Immutable, compared by identity, shareable between graphs that contain its node. */
public final class Value {
    private final Node node;
    private final int index;
    private final TensorType type;

    Value(Node node, int index, TensorType type) {
        this.node = node;
        this.index = index;
        this.type = type;
    }

    /** The node that makes this value. */
    public Node node() {
        return node;
    }

    /** Which output of the node this is. */
    public int index() {
        return index;
    }

    public TensorType type() {
        return type;
    }

    public Shape shape() {
        return type.shape();
    }

    public DType dtype() {
        return type.dtype();
    }

    /** Known length of one axis; negative axes count from the end. */
    public long size(int axis) {
        return shape().size(axis);
    }

    /** {@code %12}, or {@code %12.1} for a second output. */
    public String label() {
        return "%" + node.id() + (index == 0 ? "" : "." + index);
    }

    @Override
    public String toString() {
        return label() + " " + type;
    }
}
