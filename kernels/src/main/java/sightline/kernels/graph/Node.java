package sightline.kernels.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An operation applied to values. Immutable and compared by identity; ids grow in topological order. */
public final class Node {
    private final int id;
    private final String scope;
    private final Op op;
    private final List<Value> inputs;
    private final List<Value> outputs;

    Node(int id, String scope, Op op, List<Value> inputs, List<TensorType> types) {
        this.id = id;
        this.scope = scope;
        this.op = op;
        this.inputs = List.copyOf(inputs);
        List<Value> made = new ArrayList<>();
        for (TensorType type : types) {
            made.add(new Value(this, made.size(), type));
        }
        this.outputs = Collections.unmodifiableList(made);
    }

    public int id() {
        return id;
    }

    /** The builder's scope where the node was written, such as {@code backbone.stages.0}; empty at the root. */
    public String scope() {
        return scope;
    }

    public Op op() {
        return op;
    }

    public List<Value> inputs() {
        return inputs;
    }

    public Value input(int index) {
        return inputs.get(index);
    }

    public List<Value> outputs() {
        return outputs;
    }

    /** The first output, the only one of most operations. */
    public Value output() {
        return outputs.getFirst();
    }

    /** Multiply-accumulates of one execution, counted as the papers do: convolutions and matrix products only. */
    public long macs() {
        return op.macs(inputs.stream().map(Value::type).toList());
    }

    @Override
    public String toString() {
        return output().label() + " = " + op;
    }
}
