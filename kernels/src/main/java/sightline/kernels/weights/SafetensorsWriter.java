package sightline.kernels.weights;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import sightline.kernels.tensor.Tensor;

/** Writes safetensors files: widest types first, so that every tensor is aligned; the same tensors give the same bytes. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 64;
    private static final long PIECE = 1L << 28;

    private SafetensorsWriter() {}

    /**
     * Writes beside the target and renames, so that a reader never sees half a file.
     *
     * @throws WeightsException where the file cannot be written
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        List<Map.Entry<String, Tensor>> order = new ArrayList<>(tensors.entrySet());
        order.sort(Comparator.comparingInt(
                        (Map.Entry<String, Tensor> e) -> -e.getValue().dtype().bytes())
                .thenComparing(Map.Entry::getKey));
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                byte[] header = header(order, metadata);
                ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                drain(channel, length.putLong(0, header.length));
                drain(channel, ByteBuffer.wrap(header));
                for (Map.Entry<String, Tensor> entry : order) {
                    Tensor tensor = entry.getValue();
                    for (long at = 0; at < tensor.bytes(); at += PIECE) {
                        long size = Math.min(PIECE, tensor.bytes() - at);
                        drain(channel, tensor.data().asSlice(at, size).asByteBuffer());
                    }
                }
                channel.force(false);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new WeightsException("Cannot write " + file + ": " + failure.getMessage(), failure);
        }
    }

    private static void drain(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static byte[] header(List<Map.Entry<String, Tensor>> order, Map<String, String> metadata)
            throws IOException {
        ObjectMapper json = JsonMapper.builder()
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .build();
        ObjectNode root = json.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode free = root.putObject("__metadata__");
            metadata.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(e -> free.put(e.getKey(), e.getValue()));
        }
        long at = 0;
        for (Map.Entry<String, Tensor> entry : order) {
            Tensor tensor = entry.getValue();
            ObjectNode node = root.putObject(entry.getKey());
            node.put("dtype", SafetensorsHeader.code(tensor.dtype()));
            ArrayNode shape = node.putArray("shape");
            for (long d : tensor.shape()) {
                shape.add(d);
            }
            node.putArray("data_offsets").add(at).add(at + tensor.bytes());
            at += tensor.bytes();
        }
        String text = json.writeValueAsString(root);
        // The data begins on a cache line; spaces after the JSON are part of the format.
        int padding = Math.floorMod(-(text.length() + 8), ALIGNMENT);
        return (text + " ".repeat(padding)).getBytes(StandardCharsets.US_ASCII);
    }
}
