package sightline.kernels.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.PickleValue.Entries;

/**
 * The tensors of an official {@code .pt} file, read without executing anything: the pickle inside is interpreted by
 * {@link Unpickler}, which knows tensors and dictionaries and refuses the rest by name. For import and conversion;
 * engines run on safetensors.
 *
 * <p>Storages are copied to memory of this object, aligned, since archives do not align them. Thread-safe until closed.
 */
public final class Checkpoint extends NamedTensors {
    private static final int ZIP_MAGIC = 0x504b0304;

    private Checkpoint(Arena arena, Map<String, Tensor> tensors) {
        super(tensors, Optional.of(arena));
    }

    /**
     * Reads a zip or a legacy checkpoint: a state dict, or a dictionary with one under {@code state_dict}.
     *
     * @throws CheckpointException where the file is broken or holds anything but tensors
     * @throws WeightsException where it cannot be read
     */
    @SuppressWarnings("MustBeClosedChecker") // the checkpoint closes the arena
    public static Checkpoint open(Path file) {
        Arena arena = Arena.ofShared();
        try {
            String name = file.getFileName().toString();
            PickledTensors pickled =
                    isZip(file) ? ZipCheckpoint.read(file, name, arena) : LegacyCheckpoint.read(file, name, arena);
            return new Checkpoint(arena, stateDict(pickled, name));
        } catch (IOException failure) {
            arena.close();
            throw new WeightsException("Cannot read " + file + ": " + failure.getMessage(), failure);
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    private static boolean isZip(Path file) throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(4);
        try (FileChannel channel = FileChannel.open(file)) {
            int read;
            do {
                read = channel.read(magic);
            } while (read > 0);
        }
        return !magic.hasRemaining() && magic.getInt(0) == ZIP_MAGIC;
    }

    private static Map<String, Tensor> stateDict(PickledTensors pickled, String file) {
        if (!(pickled.root() instanceof Entries entries)) {
            throw new CheckpointException(file + " holds no dictionary");
        }
        PickleValue inner = entries.entries.get(new PickleValue.Text("state_dict"));
        Entries dictionary = inner instanceof Entries nested ? nested : entries;
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        dictionary.entries.forEach((key, value) -> {
            if (key instanceof PickleValue.Text text && value instanceof PickleValue.View view) {
                tensors.put(text.value(), pickled.tensor(view, text.value()));
            }
        });
        if (tensors.isEmpty()) {
            throw new CheckpointException(file + " holds no tensors");
        }
        return tensors;
    }
}
