package sightline.kernels.cuda.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Packs a kernel's parameter structure as the C compiler lays it out: each field at a multiple of its own size. Every
 * kernel takes exactly one such structure by value.
 */
public final class Params {
    /** More than any structure of ours; the driver copies as much as the kernel declares. */
    static final int BYTES = 1024;

    private record Reference(int position, Slot slot, long offset) {}

    /** A tensor of two-byte elements that the copy engine fetches boxes of. */
    private record Boxes(int position, Slot slot, long[] lengths, int[] box) {}

    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Reference> references = new ArrayList<>();
    private final List<Boxes> boxes = new ArrayList<>();

    /** A pointer to a slot; null is a null pointer. A promised content is made first. */
    public Params slot(Slot slot) {
        return slot(slot, 0);
    }

    /** A pointer some bytes into a slot. */
    public Params slot(Slot slot, long offset) {
        align(8);
        if (slot != null) {
            slot.need();
            references.add(new Reference(bytes.position(), slot, offset));
        }
        return int64(0);
    }

    /** One 64-bit integer. */
    public Params int64(long value) {
        align(8);
        bytes.putLong(value);
        return this;
    }

    /** 32-bit integers, a field each. */
    public Params int32(int... values) {
        align(4);
        for (int value : values) {
            bytes.putInt(value);
        }
        return this;
    }

    /** Single-precision numbers, a field each. */
    public Params float32(float... values) {
        align(4);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return this;
    }

    /** One double-precision number. */
    public Params float64(double value) {
        return int64(Double.doubleToRawLongBits(value));
    }

    /** A fixed-size array field: the values given, then zeros. */
    public Params int32Array(int[] values, int size) {
        align(4);
        for (int i = 0; i < size; i++) {
            bytes.putInt(i < values.length ? values[i] : 0);
        }
        return this;
    }

    /** A fixed-size array of 64-bit integers: the values given, then zeros. */
    public Params int64Array(long[] values, int size) {
        align(8);
        for (int i = 0; i < size; i++) {
            bytes.putLong(i < values.length ? values[i] : 0);
        }
        return this;
    }

    /** A field that tells Hopper's copy engine of bfloat16 matrices that lie one behind the other in a slot; a tile lies in one. */
    public Params tiles(Slot slot, long matrices, long rows, long columns, int tileRows) {
        return boxes(slot, new long[] {columns, rows, matrices}, new int[] {CopyEngine.ROW_BYTES / 2, tileRows, 1});
    }

    /** A field that tells Hopper's copy engine of a tensor in a slot: see {@link CopyEngine#boxes}. */
    public Params boxes(Slot slot, long[] lengths, int[] box) {
        align(64);
        boxes.add(new Boxes(bytes.position(), slot, lengths, box));
        return int64Array(new long[0], CopyEngine.LONGS);
    }

    /** In the order of the fields that point to them. */
    public List<Slot> slots() {
        return Stream.concat(
                        references.stream().map(r -> Map.entry(r.position, r.slot)),
                        boxes.stream().map(b -> Map.entry(b.position, b.slot)))
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    /**
     * The bytes with every pointer in its place.
     *
     * @param copyEngine what tells the device's copy engine of tensors; null where it has none, and such fields stay zero
     */
    public byte[] pack(ToLongFunction<Slot> addresses, CopyEngine copyEngine) {
        ByteBuffer packed = ByteBuffer.wrap(pack(addresses)).order(ByteOrder.LITTLE_ENDIAN);
        for (Boxes b : copyEngine == null ? List.<Boxes>of() : boxes) {
            long[] map = copyEngine.boxes(addresses.applyAsLong(b.slot), b.lengths, b.box);
            packed.position(b.position);
            packed.asLongBuffer().put(map);
        }
        return packed.array();
    }

    /** The same of parameters that say nothing to a copy engine. */
    public byte[] pack(ToLongFunction<Slot> addresses) {
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
