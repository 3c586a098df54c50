package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.cuda.half.Candidate;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/** Whichever kernel is picked for a layer, the numbers are those of the reference. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EveryCandidateCases {
    @RegisterExtension
    final TestDevice device;

    EveryCandidateCases(TestDevice device) {
        this.device = device;
    }

    abstract Stream<ParityCase> cases();

    @ParameterizedTest
    @MethodSource("cases")
    void everyWayToComputeALayerComesOutAsTheReferenceSays(ParityCase parity) {
        int most = ChoosingEngine.most(parity, device.get());
        assertThat(most).isGreaterThan(1);
        List<ChoosingEngine> engines = IntStream.range(1, most)
                .mapToObj(n -> new ChoosingEngine(device.get(), n))
                .toList();
        assertThat(parity.errors(engines))
                .hasSize(most - 1)
                .allSatisfy((name, error) -> assertThat(error).as(name).isLessThan(2e-3));
    }

    @Test
    void whatWasTriedOnceIsKnownTheNextTime(@TempDir Path folder) {
        ParityCase parity = HalfCases.named("dense to 19").findFirst().orElseThrow();
        long before = device.get().bytesHeld();
        List<String> said = new ArrayList<>();
        for (int time = 0; time < 2; time++) {
            TileCache cache = TileCache.at(folder, said::add);
            assertThat(parity.error(new CudaEngine(device.get(), Storage.FLOAT16, Optional.of(cache))))
                    .isLessThan(2e-3);
        }
        assertThat(said).hasSize(1);
        assertThat(said.getFirst()).contains("1 kinds of layers tried");
        assertThat(device.get().bytesHeld()).isEqualTo(before);
    }

    @Test
    void whatWasPickedOneByOneIsComparedWholeWithTheFirstGuesses(@TempDir Path folder) throws IOException {
        ParityCase parity = HalfCases.named("dense to 19").findFirst().orElseThrow();
        TileCache cache = TileCache.at(folder, sentence -> {});
        TileCache.Choices known = device.get().choices(cache);
        Weights weights = RandomWeights.of(parity.graph(), 5);
        Lowering.program(
                parity.graph(), name -> weights.find(name).orElseThrow(), Storage.FLOAT16, (layer, candidates) -> {
                    List<Candidate> able =
                            FirstGuesses.runnable(candidates, device.get().facts());
                    known.keep(
                            layer,
                            able.stream().map(Candidate::name).toList(),
                            able.getLast().name(),
                            1,
                            0.5f);
                    return able.getLast();
                });
        long before = device.get().bytesHeld();
        assertThat(parity.error(new CudaEngine(device.get(), Storage.FLOAT16, Optional.of(cache))))
                .isLessThan(2e-3);
        assertThat(device.get().bytesHeld()).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(Files.readAllLines(files.findFirst().orElseThrow()))
                    .filteredOn(line -> line.startsWith("network "))
                    .singleElement()
                    .asString()
                    .containsAnyOf("\tall that was picked\t", "\tfirst guesses\t");
        }
    }
}
