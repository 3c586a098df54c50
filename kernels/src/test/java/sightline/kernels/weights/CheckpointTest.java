package sightline.kernels.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

class CheckpointTest {
    @TempDir
    Path folder;

    private static Pickles plain() {
        return new Pickles().tensor("0", 6, 0, new int[] {2, 3}, new int[] {3, 1});
    }

    private Path zip(byte[] pickle, float... values) throws IOException {
        return Pickles.zip(folder.resolve("x.pt"), pickle, Map.of("0", Pickles.floats(values)), false);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStateDictIsFoundAtTheRootOrUnderItsName(boolean nested) throws IOException {
        Path file = zip(Pickles.dictionary(nested, "a.weight", plain()), 1, 2, 3, 4, 5, 6);
        try (Checkpoint read = Checkpoint.open(file)) {
            assertThat(read.names()).containsExactly("a.weight");
            assertThat(read.find("a.weight").orElseThrow().toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void theLegacyFormIsReadToo() throws IOException {
        Path file = Pickles.legacy(
                folder.resolve("old.pth"), Pickles.dictionary(false, "w", plain()), "0", 1, 2, 3, 4, 5, 6);
        try (Checkpoint read = Checkpoint.open(file)) {
            assertThat(read.find("w").orElseThrow().at(1).toFloats()).containsExactly(4, 5, 6);
        }
    }

    @Test
    void aTransposedViewIsPutInRowMajorOrder() throws IOException {
        Pickles turned = new Pickles().tensor("0", 6, 0, new int[] {3, 2}, new int[] {1, 3});
        try (Checkpoint read = Checkpoint.open(zip(Pickles.dictionary(false, "w", turned), 1, 2, 3, 4, 5, 6))) {
            assertThat(read.find("w").orElseThrow().toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "builtins, eval",
        "builtins, getattr",
        "torch, load",
        "numpy.core.multiarray, _reconstruct",
        "collections, OrderedDict2"
    })
    void aForeignNameIsRefusedByName(String module, String name) throws IOException {
        byte[] pickle = new Pickles()
                .global(module, name)
                .op('(')
                .text("touch never")
                .op('t')
                .op('R')
                .stop();
        Path file = zip(pickle, 1);
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(module + "." + name)
                .hasMessageContaining("allow-list");
    }

    @ParameterizedTest
    @ValueSource(ints = {'i', 'o', 0x81, 0x92, 'P', 'V', 'F', 0x82, 0x97})
    void anOpcodeThatTensorsDoNotNeedIsRefused(int opcode) throws IOException {
        Path file = zip(
                new Pickles().op('}').op(opcode).bytes(0, 0, 0, 0, 0, 0, 0, 0).stop(), 1);
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("opcode 0x%02x".formatted(opcode));
    }

    @Test
    void viewsOutsideTheirStorageAreRefused() throws IOException {
        for (Pickles bad : new Pickles[] {
            new Pickles().tensor("0", 6, 1, new int[] {2, 3}, new int[] {3, 1}),
            new Pickles().tensor("0", 6, 0, new int[] {2, 3}, new int[] {1 << 30, 1 << 30}),
            new Pickles().tensor("0", 6, 0, new int[] {1 << 30, 1 << 30}, new int[] {0, 0}),
            new Pickles().tensor("0", 600, 0, new int[] {2, 3}, new int[] {3, 1}),
            new Pickles().tensor("1", 6, 0, new int[] {2, 3}, new int[] {3, 1}),
            new Pickles().tensor("0", 6, -1, new int[] {2, 3}, new int[] {3, 1})
        }) {
            Path file = zip(Pickles.dictionary(false, "w", bad), 1, 2, 3, 4, 5, 6);
            assertThatThrownBy(() -> Checkpoint.open(file)).isInstanceOf(CheckpointException.class);
        }
    }

    @Test
    void aCompressedMemberIsRefusedBecauseItMayGrowWithoutBound() throws IOException {
        Path file = Pickles.zip(
                folder.resolve("bomb.pt"),
                Pickles.dictionary(false, "w", plain()),
                Map.of("0", Pickles.floats(1, 2, 3, 4, 5, 6)),
                true);
        assertThatThrownBy(() -> Checkpoint.open(file)).hasMessageContaining("compressed");
    }

    @Test
    void anythingElseIsNoCheckpoint() throws IOException {
        Path file = Files.writeString(folder.resolve("x.pt"), "hello, this is text");
        assertThatThrownBy(() -> Checkpoint.open(file)).isInstanceOf(CheckpointException.class);
        Path empty = Files.write(folder.resolve("empty.pt"), new byte[0]);
        assertThatThrownBy(() -> Checkpoint.open(empty)).isInstanceOf(WeightsException.class);
    }

    @Test
    void convertingKeepsEveryTensor() throws IOException {
        Path target = folder.resolve("x.safetensors");
        try (Checkpoint read = Checkpoint.open(zip(Pickles.dictionary(true, "w", plain()), 1, 2, 3, 4, 5, 6))) {
            SafetensorsWriter.write(target, read.tensors(), Map.of());
        }
        try (Safetensors read = Safetensors.open(target)) {
            assertThat(read.find("w").orElseThrow().toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @ParameterizedTest
    @CsvSource({"efficientvit_seg_b0_cityscapes.pt, 230", "litepose_auto_m_crowdpose.pt, 679"})
    void officialCheckpointsAreReadWhole(String name, int count) throws IOException {
        Path data = Path.of(System.getProperty("sightline.data", ""));
        Path file = data.resolve("weights").resolve(name);
        assumeTrue(Files.isRegularFile(file), "no official weights at " + file);
        try (Checkpoint read = Checkpoint.open(file)) {
            assertThat(read.names()).hasSize(count);
            assertThat(read.names()).allSatisfy(key -> {
                Tensor tensor = read.find(key).orElseThrow();
                assertThat(tensor.dtype()).isEqualTo(key.endsWith("num_batches_tracked") ? DType.I64 : DType.F32);
                assertThat(tensor.data().address() % tensor.dtype().bytes()).isZero();
            });
        }
    }

    @Test
    void theOfficialSegmentationCheckpointHasTheShapesOfTheKeyTable() throws IOException {
        Path data = Path.of(System.getProperty("sightline.data", ""));
        Path table = data.resolve("keys/evit_keys.json");
        assumeTrue(Files.isRegularFile(table), "no key table at " + table);
        JsonNode keys = new ObjectMapper().readTree(table.toFile()).path("seg_b0_cityscapes");
        assumeTrue(!keys.isMissingNode(), "the key table has no seg_b0_cityscapes");
        try (Checkpoint read = Checkpoint.open(data.resolve("weights/efficientvit_seg_b0_cityscapes.pt"))) {
            keys.properties().forEach(key -> assertThat(
                            read.find(key.getKey()).orElseThrow().shape())
                    .as(key.getKey())
                    .containsExactly(key.getValue()
                            .valueStream()
                            .mapToLong(JsonNode::asLong)
                            .toArray()));
        }
    }
}
