package sightline.kernels.weights;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import sightline.kernels.tensor.Tensor;

/**
 * Files of weights as a hostile sender would write them: a reader returns or throws its own exception. Without more ado the
 * inputs kept in {@code WeightFileFuzzTestInputs} are read again, which takes no time; with {@code JAZZER_FUZZ=1} in the
 * environment the fuzzer looks for new ones, guided by the branches that they reach:
 *
 * <pre>JAZZER_FUZZ=1 mvn -pl kernels -am test -Dtest=WeightFileFuzzTest#safetensors -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class WeightFileFuzzTest {
    @TempDir
    Path folder;

    @FuzzTest(maxDuration = "2m")
    void safetensors(byte[] content) throws IOException {
        read("fuzzed.safetensors", content);
    }

    @FuzzTest(maxDuration = "2m")
    void safetensorsIndex(byte[] content) throws IOException {
        read("fuzzed.safetensors.index.json", content);
    }

    @FuzzTest(maxDuration = "2m")
    void checkpoint(byte[] content) throws IOException {
        read("fuzzed.pt", content);
    }

    private void read(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve(name), content);
        try (Weights weights = WeightFiles.open(file)) {
            for (String tensor : weights.names()) {
                touch(weights.find(tensor).orElseThrow());
            }
        } catch (WeightsException refused) {
            // That is what it is for.
        }
    }

    private static void touch(Tensor tensor) {
        if (tensor.size() > 0) {
            tensor.get(0);
            tensor.get(tensor.size() - 1);
        }
    }
}
