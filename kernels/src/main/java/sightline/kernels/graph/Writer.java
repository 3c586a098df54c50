package sightline.kernels.graph;

import java.util.List;

/** Something operations can be written to; implemented by {@link GraphBuilder}. */
public interface Writer {
    /** Applies an operation and returns all its outputs. */
    List<Value> apply(Op op, List<Value> operands);

    /** Applies an operation and returns its first output. */
    Value single(Op op, Value... operands);
}
