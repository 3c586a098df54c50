package sightline.kernels.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.SafetensorsException.Fault;

class SafetensorsTest {
    @TempDir
    Path folder;

    private Path file(String header, int dataBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        return Files.write(folder.resolve("model.safetensors"), bytes.array());
    }

    private static Fault fault(Path file) {
        return catchThrowableOfType(
                        SafetensorsException.class, () -> Safetensors.open(file).close())
                .fault();
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void whatIsWrittenIsReadBackInPlace(DType dtype) {
        Tensor tensor = Tensor.allocate(dtype, 2, 3);
        for (int i = 0; i < 6; i++) {
            tensor.set(i, dtype == DType.BOOL ? i % 2 : i);
        }
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(file, Map.of("x.weight", tensor), Map.of("origin", "tëst \"quoted\""));
        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.names()).containsExactly("x.weight");
            assertThat(read.metadata()).containsEntry("origin", "tëst \"quoted\"");
            Tensor back = read.find("x.weight").orElseThrow();
            assertThat(back.dtype()).isEqualTo(dtype);
            assertThat(back.shape()).containsExactly(2, 3);
            assertThat(back.toFloats()).containsExactly(tensor.toFloats());
            assertThat(back.data().address() % Tensor.ALIGNMENT).isZero();
            assertThat(back.data().isReadOnly()).isTrue();
        }
    }

    @Test
    void theSameTensorsGiveTheSameBytes() throws IOException {
        Map<String, Tensor> forward = new LinkedHashMap<>();
        forward.put("a", Tensor.of(new float[] {1, 2}, 2));
        forward.put("b", Tensor.of(new long[] {3}, 1));
        Map<String, Tensor> backward = new LinkedHashMap<>();
        backward.put("b", forward.get("b"));
        backward.put("a", forward.get("a"));
        SafetensorsWriter.write(folder.resolve("1"), forward, Map.of());
        SafetensorsWriter.write(folder.resolve("2"), backward, Map.of());
        assertThat(folder.resolve("1")).hasSameBinaryContentAs(folder.resolve("2"));
    }

    @Test
    void aClosedFileCannotBeRead() {
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(file, Map.of("x", Tensor.of(new float[] {1}, 1)), Map.of());
        Safetensors read = Safetensors.open(file);
        Tensor tensor = read.find("x").orElseThrow();
        read.close();
        assertThatThrownBy(() -> tensor.get(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shardsOfAnIndexAreOneSetOfWeights() throws IOException {
        SafetensorsWriter.write(folder.resolve("1.safetensors"), Map.of("a", Tensor.of(new float[] {1}, 1)), Map.of());
        SafetensorsWriter.write(folder.resolve("2.safetensors"), Map.of("b", Tensor.of(new float[] {2}, 1)), Map.of());
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}}");
        try (Safetensors read = Safetensors.open(index)) {
            assertThat(read.names()).containsExactlyInAnyOrder("a", "b");
        }
        Files.writeString(index, "{\"weight_map\": {\"a\": \"1.safetensors\", \"c\": \"2.safetensors\"}}");
        assertThat(fault(index)).isEqualTo(Fault.MISSING_SHARD);
        Files.writeString(index, "{\"weight_map\": {\"a\": \"../1.safetensors\"}}");
        assertThat(fault(index)).isEqualTo(Fault.MISSING_SHARD);
        Files.writeString(index, "{\"weight_map\": {\"a\": \"3.safetensors\"}}");
        assertThat(fault(index)).isEqualTo(Fault.MISSING_SHARD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HEADER_START | [] | 0",
                "HEADER_MALFORMED | {\"a\": | 0",
                "HEADER_MALFORMED | {} {} | 0",
                "HEADER_MALFORMED | {\"a\":{\"dtype\":\"F32\",\"shape\":[1]}} | 4",
                "HEADER_MALFORMED | {\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | 4",
                "HEADER_MALFORMED | {\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}} | 4",
                "HEADER_MALFORMED | {\"__metadata__\":{\"a\":1}} | 0",
                "HEADER_MALFORMED | {\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}} | 0",
                "UNKNOWN_DTYPE | {\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}} | 4",
                "INVALID_OFFSET | {\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | 4",
                "INVALID_OFFSET | {\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8",
                "INVALID_OFFSET | {\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | 12",
                "WRONG_SIZE | {\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 4",
                "OVERFLOW | {\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,2],\"data_offsets\":[0,4]}} | 4",
                "INCOMPLETE | {\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 4",
                "INCOMPLETE | {\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 8",
            })
    void aBrokenHeaderHasItsOwnFault(Fault expected, String header, int dataBytes) throws IOException {
        assertThat(fault(file(header, dataBytes))).isEqualTo(expected);
    }

    @Test
    void aFileCutShortSaysWhere() throws IOException {
        Path file = Files.write(folder.resolve("x.safetensors"), new byte[7]);
        assertThat(fault(file)).isEqualTo(Fault.TOO_SHORT);
        Files.write(
                file,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(0, 100)
                        .array());
        assertThat(fault(file)).isEqualTo(Fault.HEADER_TRUNCATED);
        Files.write(
                file,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(0, 1L << 40)
                        .array());
        assertThat(fault(file)).isEqualTo(Fault.HEADER_TOO_LARGE);
        Files.write(
                file,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(0, -1)
                        .array());
        assertThat(fault(file)).isEqualTo(Fault.HEADER_TOO_LARGE);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("absent.safetensors")))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("absent.safetensors");
    }
}
