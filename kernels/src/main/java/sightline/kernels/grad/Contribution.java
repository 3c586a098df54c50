package sightline.kernels.grad;

import sightline.kernels.graph.Value;

/** What one use of a value adds to its cotangent. */
sealed interface Contribution {
    /** A cotangent of the value's own shape. */
    record Whole(Value value) implements Contribution {}

    /** A cotangent of a contiguous slice; zero elsewhere. Kept apart, since slices that tile a value need no sum. */
    record Part(Value value, int axis, long start) implements Contribution {
        long end() {
            return start + value.size(axis);
        }
    }
}
