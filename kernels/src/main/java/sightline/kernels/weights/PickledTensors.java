package sightline.kernels.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.PickleValue.View;

/**
 * A pickle's root with the bytes of its storages.
 *
 * @param storages bytes by storage key
 */
record PickledTensors(PickleValue root, Map<String, MemorySegment> storages, String file, Arena arena) {

    /** The tensor of a view: a slice of its storage where it is dense, else a copy in row-major order. */
    Tensor tensor(View view, String name) {
        MemorySegment bytes = storages.get(view.storage().key());
        int width = view.storage().dtype().bytes();
        if (bytes == null
                || bytes.byteSize() % width != 0
                || bytes.byteSize() / width != view.storage().size()) {
            throw new CheckpointException(file + ": the storage of " + name + " is missing or cut short");
        }
        try {
            return checked(view, bytes, width, name);
        } catch (ArithmeticException overflow) {
            throw new CheckpointException(file + ": the shape of " + name + " is beyond counting", overflow);
        }
    }

    private Tensor checked(View view, MemorySegment bytes, int width, String name) {
        long count = 1;
        long dense = 1;
        long last = view.offset();
        boolean contiguous = true;
        for (int i = view.shape().length - 1; i >= 0; i--) {
            long length = view.shape()[i];
            contiguous &= length == 1 || view.strides()[i] == dense;
            dense = Math.multiplyExact(dense, Math.max(length, 1));
            count = Math.multiplyExact(count, length);
            last = Math.addExact(last, Math.multiplyExact(Math.max(length - 1, 0), view.strides()[i]));
        }
        if (count > 0 && last >= view.storage().size()) {
            throw new CheckpointException(
                    file + ": " + name + " " + Arrays.toString(view.shape()) + " reaches beyond its storage");
        }
        if (count == 0 || contiguous) {
            long from = count == 0 ? 0 : view.offset() * width;
            return Tensor.view(view.storage().dtype(), bytes.asSlice(from, count * width), view.shape());
        }
        // Strides of zero could ask for more than the file holds.
        if (count > view.storage().size()) {
            throw new CheckpointException(file + ": " + name + " repeats its elements");
        }
        return gathered(view, bytes, width, count);
    }

    private Tensor gathered(View view, MemorySegment bytes, int width, long count) {
        Tensor tensor = Tensor.allocate(arena, view.storage().dtype(), view.shape());
        long[] at = new long[view.shape().length];
        long source = view.offset();
        for (long i = 0; i < count; i++) {
            MemorySegment.copy(bytes, source * width, tensor.data(), i * width, width);
            for (int axis = at.length - 1; axis >= 0; axis--) {
                source += view.strides()[axis];
                if (++at[axis] < view.shape()[axis]) {
                    break;
                }
                source -= view.strides()[axis] * at[axis];
                at[axis] = 0;
            }
        }
        return tensor;
    }
}
