package sightline.kernels.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Packs a kernel's parameter structure as the C compiler lays it out: each field at a multiple of its own size. Every
 * kernel takes exactly one such structure by value.
 */
final class Params {
    /** More than any structure of ours; the driver copies as much as the kernel declares. */
    static final int BYTES = 1024;

    private record Reference(int position, Slot slot, long offset) {}

    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Reference> references = new ArrayList<>();

    /** A pointer to a slot; null is a null pointer. */
    Params slot(Slot slot) {
        return slot(slot, 0);
    }

    /** A pointer some bytes into a slot. */
    Params slot(Slot slot, long offset) {
        align(8);
        if (slot != null) {
            references.add(new Reference(bytes.position(), slot, offset));
        }
        return int64(0);
    }

    Params int64(long value) {
        align(8);
        bytes.putLong(value);
        return this;
    }

    Params int32(int... values) {
        align(4);
        for (int value : values) {
            bytes.putInt(value);
        }
        return this;
    }

    Params float32(float... values) {
        align(4);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return this;
    }

    /** A fixed-size array field: the values given, then zeros. */
    Params int32Array(int[] values, int size) {
        align(4);
        for (int i = 0; i < size; i++) {
            bytes.putInt(i < values.length ? values[i] : 0);
        }
        return this;
    }

    /** A fixed-size array of 64-bit integers: the values given, then zeros. */
    Params int64Array(long[] values, int size) {
        align(8);
        for (int i = 0; i < size; i++) {
            bytes.putLong(i < values.length ? values[i] : 0);
        }
        return this;
    }

    List<Slot> slots() {
        return references.stream().map(Reference::slot).toList();
    }

    /** The bytes with every pointer in its place. */
    byte[] pack(ToLongFunction<Slot> addresses) {
        ByteBuffer packed = ByteBuffer.wrap(bytes.array().clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (Reference reference : references) {
            packed.putLong(reference.position, addresses.applyAsLong(reference.slot) + reference.offset);
        }
        return packed.array();
    }

    private void align(int size) {
        while (bytes.position() % size != 0) {
            bytes.put((byte) 0);
        }
    }
}
