package sightline.kernels.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.SafetensorsException.Fault;

/**
 * Weights in mapped safetensors files: nothing is read until it is used and nothing is copied. One file of any size, or
 * a {@code *.safetensors.index.json} that spreads the names over several.
 *
 * <p>Thread-safe until closed. Closing unmaps the files; tensors used afterwards fail with an {@code
 * IllegalStateException}. A file that is truncated by somebody else while mapped fails with an {@code InternalError} at
 * the access, as the platform has it.
 */
public final class Safetensors extends NamedTensors {
    private static final long HEADER_LIMIT = 100_000_000;
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Map<String, String> metadata;

    private Safetensors(Arena arena, Map<String, Tensor> tensors, Map<String, String> metadata) {
        super(tensors, Optional.of(arena));
        this.metadata = metadata;
    }

    /**
     * Maps a file or all files of an index.
     *
     * @throws SafetensorsException where the format is broken
     * @throws WeightsException where the file cannot be read
     */
    @SuppressWarnings("MustBeClosedChecker") // closing the weights closes the arena
    public static Safetensors open(Path file) {
        Arena arena = Arena.ofShared();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            if (file.getFileName().toString().endsWith(".json")) {
                shards(file, arena, tensors, metadata);
            } else {
                one(file, arena, tensors, metadata);
            }
            return new Safetensors(arena, tensors, Collections.unmodifiableMap(metadata));
        } catch (IOException failure) {
            arena.close();
            throw new WeightsException("Cannot read " + file + ": " + failure.getMessage(), failure);
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    private static void one(Path file, Arena arena, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        MemorySegment whole;
        try (FileChannel channel = FileChannel.open(file)) {
            whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        read(whole, file.getFileName().toString(), tensors, metadata);
    }

    /** Reads a whole file's bytes; the tensors are slices of them. */
    static void read(MemorySegment whole, String file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        if (whole.byteSize() < LENGTH.byteSize()) {
            throw new SafetensorsException(Fault.TOO_SHORT, file + " is too short for a safetensors file");
        }
        long length = whole.get(LENGTH, 0);
        if (length < 0 || length > HEADER_LIMIT) {
            throw new SafetensorsException(
                    Fault.HEADER_TOO_LARGE, file + ": a header of " + Long.toUnsignedString(length) + " bytes");
        }
        if (length > whole.byteSize() - LENGTH.byteSize()) {
            throw new SafetensorsException(Fault.HEADER_TRUNCATED, file + " ends inside its header");
        }
        byte[] header = whole.asSlice(LENGTH.byteSize(), length).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment data = whole.asSlice(LENGTH.byteSize() + length);
        SafetensorsHeader parsed = SafetensorsHeader.parse(header, data.byteSize(), file);
        metadata.putAll(parsed.metadata());
        parsed.entries().forEach((name, entry) -> {
            MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
            if (tensors.putIfAbsent(name, Tensor.view(entry.dtype(), bytes, entry.shape())) != null) {
                throw new SafetensorsException(Fault.HEADER_MALFORMED, file + ": " + name + " is in two shards");
            }
        });
    }

    private static void shards(Path index, Arena arena, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        JsonNode map = new ObjectMapper().readTree(Files.readAllBytes(index)).path("weight_map");
        if (!map.isObject()) {
            throw new SafetensorsException(Fault.HEADER_MALFORMED, index + " has no weight_map");
        }
        Set<String> files = new TreeSet<>();
        map.forEach(file -> files.add(file.asText()));
        Path folder = index.toAbsolutePath().getParent();
        for (String file : files) {
            Path shard = folder.resolve(file).normalize();
            if (!folder.equals(shard.getParent())) {
                throw new SafetensorsException(
                        Fault.MISSING_SHARD, index + " names a shard outside its folder: " + file);
            }
            if (!Files.isRegularFile(shard)) {
                throw new SafetensorsException(Fault.MISSING_SHARD, "Shard " + shard + " is missing");
            }
            one(shard, arena, tensors, metadata);
        }
        map.fieldNames().forEachRemaining(name -> {
            if (!tensors.containsKey(name)) {
                throw new SafetensorsException(Fault.MISSING_SHARD, index + " promises " + name + ", no shard has it");
            }
        });
    }

    /** Free strings of the header, such as a model card's digest. */
    public Map<String, String> metadata() {
        return metadata;
    }
}
