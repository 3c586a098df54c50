package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.DeviceFacts;
import sightline.kernels.cuda.half.Candidate;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;

/** Which kernel is picked, with times that are given instead of measured. */
class TunerTest {
    private static final DeviceFacts DEVICE = new DeviceFacts("a device", 1L << 34, 80, 108, 100_000, 40 << 20);

    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();
    private final List<String> tried = new ArrayList<>();
    private TileCache cache;
    private long now;

    @BeforeEach
    void fresh() {
        cache = TileCache.at(folder, said::add);
    }

    private TileCache.Choices choices() {
        return cache.choices("a device", "0123456789abcdef0123");
    }

    private Tuner tuner(Map<String, Float> times) {
        return new Tuner(
                DEVICE,
                choices(),
                steps -> {
                    String kernel = steps.getFirst().kernel();
                    tried.add(kernel);
                    now += 1_000_000;
                    return times.get(kernel);
                },
                () -> now);
    }

    private static Candidate candidate(String name, int shared, int capability) {
        return new Candidate(
                name, shared, capability, e -> e.grid("family", name, Grid.of(1), 32, shared, new Params(), 1, 1));
    }

    private static List<Candidate> candidates(String... names) {
        return List.of(names).stream().map(n -> candidate(n, 0, 0)).toList();
    }

    @Test
    void theFastestIsPicked() {
        Tuner tuner = tuner(Map.of("a", 3f, "b", 2f, "c", 5f));
        assertThat(tuner.choose("layer", candidates("a", "b", "c")).name()).isEqualTo("b");
        assertThat(tuner.sentence("net")).isEqualTo("Kernels for net: 1 kinds of layers tried.");
        assertThat(choices().saved("layer", List.of("a", "b", "c"))).isEqualTo(1);
        assertThat(tuner.complete()).isTrue();
    }

    @Test
    void theFirstGuessStaysWhereAnotherIsFasterByNoMoreThanNoise() {
        assertThat(tuner(Map.of("a", 1f, "b", 0.99f))
                        .choose("layer", candidates("a", "b"))
                        .name())
                .isEqualTo("a");
    }

    @Test
    void aLayerIsTriedOnceAndItsLikesTakeWhatWasFound() {
        Tuner tuner = tuner(Map.of("a", 3f, "b", 2f));
        tuner.choose("layer", candidates("a", "b"));
        int trials = tried.size();
        assertThat(tuner.choose("layer", candidates("a", "b")).name()).isEqualTo("b");
        assertThat(tried).hasSize(trials);
    }

    @Test
    void whatIsInTheFileIsNotTriedAgain() {
        tuner(Map.of("a", 3f, "b", 2f)).choose("layer", candidates("a", "b"));
        choices().save();
        tried.clear();
        cache = TileCache.at(folder, said::add);
        Tuner tuner = tuner(Map.of());
        assertThat(tuner.choose("layer", candidates("a", "b")).name()).isEqualTo("b");
        assertThat(tried).isEmpty();
        assertThat(tuner.sentence("net")).isEmpty();
        assertThat(said).isEmpty();
    }

    @Test
    void aNewCandidateIsAReasonToTryAgain() {
        tuner(Map.of("a", 3f, "b", 2f)).choose("layer", candidates("a", "b"));
        Tuner tuner = tuner(Map.of("a", 3f, "b", 2f, "c", 1f));
        assertThat(tuner.choose("layer", candidates("a", "b", "c")).name()).isEqualTo("c");
    }

    @Test
    void whenTheTimeIsSpentTheFirstGuessServes() {
        Tuner tuner = tuner(Map.of("a", 3f, "b", 2f));
        now += Tuner.ALLOWED_NANOS;
        assertThat(tuner.choose("layer", candidates("a", "b")).name()).isEqualTo("a");
        assertThat(tried).isEmpty();
        assertThat(tuner.sentence("net")).contains("1 left at the first guess");
        assertThat(tuner.complete()).isFalse();
        assertThat(choices().find("layer", List.of("a", "b"))).isEmpty();
    }

    @Test
    void whatTheDeviceCannotRunIsNotTried() {
        List<Candidate> candidates = List.of(
                candidate("large", 200_000, 0), candidate("new", 0, 90), candidate("a", 0, 0), candidate("b", 0, 80));
        assertThat(tuner(Map.of("a", 2f, "b", 3f)).choose("layer", candidates).name())
                .isEqualTo("a");
        assertThat(tried).containsOnly("a", "b");
        assertThat(new FirstGuesses(DEVICE).choose("layer", candidates).name()).isEqualTo("a");
    }

    @Test
    void tooLittleMemoryToTryInIsSaidAndTheFirstGuessServes() {
        Tuner tuner = new Tuner(
                DEVICE,
                choices(),
                steps -> {
                    throw new CudaFailure(CudaFailure.Kind.OUT_OF_MEMORY, 2, "No room.");
                },
                () -> now);
        assertThat(tuner.choose("one", candidates("a", "b")).name()).isEqualTo("a");
        assertThat(tuner.choose("two", candidates("a", "b")).name()).isEqualTo("a");
        assertThat(tuner.sentence("net")).contains("2 left at the first guess (No room.)");
    }

    @Test
    void aKernelThatTheDeviceRefusesIsNotPicked() {
        Tuner tuner = new Tuner(
                DEVICE,
                choices(),
                steps -> {
                    if (steps.getFirst().kernel().equals("a")) {
                        throw CudaFailure.of(1, "CUDA_ERROR_INVALID_VALUE", "launching");
                    }
                    return 7;
                },
                () -> now);
        assertThat(tuner.choose("layer", candidates("a", "b")).name()).isEqualTo("b");
        assertThat(tuner.sentence("net")).doesNotContain("guess");
    }

    @Test
    void aLostContextIsNotSwallowed() {
        Tuner tuner = new Tuner(
                DEVICE,
                choices(),
                steps -> {
                    throw CudaFailure.of(700, "CUDA_ERROR_ILLEGAL_ADDRESS", "trying");
                },
                () -> now);
        assertThatThrownBy(() -> tuner.choose("layer", candidates("a", "b"))).isInstanceOf(CudaFailure.class);
    }
}
