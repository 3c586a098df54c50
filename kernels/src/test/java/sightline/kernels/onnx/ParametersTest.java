package sightline.kernels.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.TensorType;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Safetensors;
import sightline.kernels.weights.Weights;

class ParametersTest {
    private static Tensor parameter(Tensor stored, Arena arena) {
        TensorType declared = new TensorType(DType.F32, Shape.of(stored.shape()));
        return Parameters.of(Map.of("w", declared), Weights.of(Map.of("w", stored)), arena)
                .get("w");
    }

    @Test
    void alignedFloatsAreUsedWhereTheyLieAndOthersAreCopiedOnce() {
        try (Arena arena = Arena.ofConfined()) {
            Tensor aligned = Tensor.allocate(arena, DType.F32, 2);
            assertThat(parameter(aligned, arena)).isSameAs(aligned);
            MemorySegment odd = arena.allocate(16, 8).asSlice(1, 8);
            Tensor unaligned = Tensor.view(DType.F32, odd, 2);
            unaligned.set(1, 5);
            assertThat(parameter(unaligned, arena).toFloats()).containsExactly(0, 5);
            assertThat(parameter(unaligned, arena).data().address() % 4).isZero();
            assertThat(parameter(Tensor.allocate(arena, DType.BF16, 2), arena).dtype())
                    .isEqualTo(DType.F32);
        }
    }

    @Test
    void aTensorBeyondTwoGigabytesIsMappedAndReachedAtItsEnd(@TempDir Path folder) throws IOException {
        long count = 600_000_000;
        String header =
                "{\"big\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(count, 4 * count);
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        Path file = folder.resolve("big.safetensors");
        // The file is sparse: its length is announced, its zeros are never written.
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(0, text.length)
                    .array());
            out.write(text);
            out.seek(8 + text.length + 4 * count - 4);
            out.write(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(0, 7)
                    .array());
        }
        try (Safetensors weights = Safetensors.open(file)) {
            Tensor big = weights.find("big").orElseThrow();
            assertThat(big.get(count - 1)).isEqualTo(7);
            assertThat(big.get(0)).isZero();
        }
    }
}
