package sightline.kernels.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Value;
import sightline.kernels.lowering.BatchNormFolding.Folded;
import sightline.kernels.lowering.Segments;
import sightline.kernels.lowering.Segments.Segment;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.WeightCheck;
import sightline.kernels.weights.Weights;

/** Graphs with their weights as ONNX files that other tools read. */
public final class OnnxExport {
    /** A protobuf message must stay below 2 GiB; beyond this the parameters go to a file beside it. */
    private static final long INLINE_LIMIT = 1L << 30;

    private static final int ALIGNMENT = 64;

    private OnnxExport() {}

    /**
     * Writes {@code file}, and {@code file.data} where the parameters are too large for one message. All dimensions must
     * be known; batch norms are merged.
     *
     * @throws EngineException where the graph has operations that ONNX has not, such as collectives
     */
    public static void write(Graph graph, Weights weights, Path file) {
        WeightCheck.verify(graph, weights, false, true);
        try (Arena arena = Arena.ofConfined()) {
            Folded ready = OnnxEngine.prepare(graph, weights, arena);
            List<Segment> segments = Segments.cut(ready.graph(), Lowering::isHost);
            if (segments.size() != 1 || segments.getFirst().host()) {
                throw new EngineException(graph.name() + " has operations that ONNX cannot express");
            }
            Map<Value, String> names = new HashMap<>();
            ready.graph().inputs().forEach((name, value) -> names.put(value, name));
            ready.graph().outputs().forEach((name, value) -> names.put(value, name));
            ModelWriter model = Lowering.write(segments.getFirst(), graph.name(), names::get, Quantization.NONE);
            save(model, Parameters.of(model.externals(), ready.weights(), arena), file);
        } catch (IOException failure) {
            throw new UncheckedIOException("Cannot write " + file, failure);
        }
    }

    private static void save(ModelWriter model, Map<String, Tensor> parameters, Path file) throws IOException {
        long bytes = parameters.values().stream().mapToLong(Tensor::bytes).sum();
        if (bytes <= INLINE_LIMIT) {
            Files.write(file, model.withParameters(parameters));
            return;
        }
        Path data = file.resolveSibling(file.getFileName() + ".data");
        Map<String, Long> offsets = new LinkedHashMap<>();
        long at = 0;
        for (var entry : parameters.entrySet()) {
            offsets.put(entry.getKey(), at);
            at = Math.ceilDiv(at + entry.getValue().bytes(), ALIGNMENT) * ALIGNMENT;
        }
        try (FileChannel channel = FileChannel.open(
                data, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (var entry : parameters.entrySet()) {
                ByteBuffer source = entry.getValue().data().asByteBuffer();
                long position = offsets.get(entry.getKey());
                while (source.hasRemaining()) {
                    position += channel.write(source, position);
                }
            }
        }
        Files.write(file, model.withParametersIn(data.getFileName().toString(), offsets));
    }
}
