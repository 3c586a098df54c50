package sightline.kernels.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.PickleValue.Items;
import sightline.kernels.weights.PickleValue.Text;
import sightline.kernels.weights.PickleValue.Whole;

/**
 * The form before the zip: pickles of a magic number, a version, facts about the machine, the root and the storage keys,
 * then each storage as its element count and its bytes.
 */
final class LegacyCheckpoint {
    /** Lower eight bytes of the ten-byte magic number. */
    private static final long MAGIC = 0xa86a20f9469cfc6cL;

    private static final int VERSION = 1001;

    private LegacyCheckpoint() {}

    static PickledTensors read(Path path, String file, Arena arena) throws IOException {
        ByteBuffer in;
        try (FileChannel channel = FileChannel.open(path)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new CheckpointException(file + " is a legacy checkpoint above 2 GiB");
            }
            in = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)
                    .asByteBuffer();
        }
        Unpickler unpickler = new Unpickler(in, file);
        if (!unpickler.read().equals(new Whole(MAGIC)) || !unpickler.read().equals(new Whole(VERSION))) {
            throw new CheckpointException(file + " is no checkpoint");
        }
        unpickler.read();
        PickleValue root = unpickler.read();
        if (!(unpickler.read() instanceof Items keys)) {
            throw new CheckpointException(file + " has no list of storages");
        }
        try {
            return new PickledTensors(root, storages(in, keys, widths(root), file, arena), file, arena);
        } catch (BufferUnderflowException truncated) {
            throw new CheckpointException(file + " ends inside its storages", truncated);
        }
    }

    private static Map<String, MemorySegment> storages(
            ByteBuffer in, Items keys, Map<String, Integer> widths, String file, Arena arena) {
        in.order(ByteOrder.LITTLE_ENDIAN);
        Map<String, MemorySegment> storages = new HashMap<>();
        for (PickleValue key : keys.items) {
            if (!(key instanceof Text text) || !widths.containsKey(text.value())) {
                throw new CheckpointException(file + " lists a storage that no tensor uses");
            }
            long bytes = in.getLong() * widths.get(text.value());
            if (bytes < 0 || bytes > in.remaining()) {
                throw new CheckpointException(file + " ends inside storage " + text.value());
            }
            MemorySegment copy =
                    arena.allocate(Math.max(bytes, 1), Tensor.ALIGNMENT).asSlice(0, bytes);
            copy.copyFrom(MemorySegment.ofBuffer(in.slice(in.position(), (int) bytes)));
            in.position(in.position() + (int) bytes);
            storages.put(text.value(), copy);
        }
        return storages;
    }

    /** Element widths by storage key, from the tensors of the root and one level below. */
    private static Map<String, Integer> widths(PickleValue root) {
        Map<String, Integer> widths = new HashMap<>();
        if (root instanceof PickleValue.Entries outer) {
            outer.entries.values().forEach(value -> {
                note(value, widths);
                if (value instanceof PickleValue.Entries inner) {
                    inner.entries.values().forEach(v -> note(v, widths));
                }
            });
        }
        return widths;
    }

    private static void note(PickleValue value, Map<String, Integer> widths) {
        if (value instanceof PickleValue.View view) {
            widths.put(view.storage().key(), view.storage().dtype().bytes());
        }
    }
}
