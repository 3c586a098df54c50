package sightline.kernels.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

class WeightFilesTest {
    @TempDir
    Path folder;

    @Test
    void aConvertedCheckpointKeepsVectorsInFullPrecision() throws IOException {
        byte[] pickle =
                Pickles.dictionary(true, "w", new Pickles().tensor("0", 6, 0, new int[] {2, 3}, new int[] {3, 1}));
        Path from = Pickles.zip(folder.resolve("a.pt"), pickle, Map.of("0", Pickles.floats(1, 2, 3, 4, 5, 6)), false);
        Path to = folder.resolve("a.safetensors");
        WeightFiles.convert(from, to, true);
        try (Safetensors read = Safetensors.open(to)) {
            assertThat(read.find("w").orElseThrow().dtype()).isEqualTo(DType.F16);
            assertThat(read.metadata()).containsEntry("source-sha256", WeightFiles.sha256(from));
        }
        SafetensorsWriter.write(to, Map.of("b", Tensor.of(new float[] {1}, 1)), Map.of());
        WeightFiles.convert(to, folder.resolve("b.safetensors"), true);
        try (Weights read = WeightFiles.open(folder.resolve("b.safetensors"))) {
            assertThat(read.find("b").orElseThrow().dtype()).isEqualTo(DType.F32);
        }
    }

    @Test
    void aListingShowsRangesAndWhatIsNotFinite() {
        WeightListing listing = WeightListing.of(Weights.of(Map.of("x", Tensor.of(new float[] {1, Float.NaN, -3}, 3))));
        assertThat(listing.entries().getFirst().toString()).contains("x", "F32", "[-3.000, 1.000]", "1 NOT FINITE");
        assertThat(listing.summary()).isEqualTo("1 tensors, 3 F32, 12 bytes");
    }
}
