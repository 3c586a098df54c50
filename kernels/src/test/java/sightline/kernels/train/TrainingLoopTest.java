package sightline.kernels.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingLoopTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRunThatWasStoppedEndsWhereAnUnbrokenOneDoes(boolean coat) throws Exception {
        TrainingState whole = state(coat, "r");
        run(whole, null, 40, Long.MAX_VALUE);
        Path file = folder.resolve("checkpoint");
        TrainingState first = state(coat, "r");
        assertThat(run(first, file, 40, 17)).isFalse();
        TrainingState second = state(coat, "r");
        assertThat(run(second, file, 40, Long.MAX_VALUE)).isTrue();
        assertThat(second.step()).isEqualTo(40);
        assertThat(second.parameters().get("w").values())
                .containsExactly(whole.parameters().get("w").values());
        assertThat(second.averageParameters().get("w").values())
                .containsExactly(whole.averageParameters().get("w").values());
        assertThat(second.statistics().get("mean").values())
                .containsExactly(whole.statistics().get("mean").values());
    }

    @Test
    void lossFallsOnAQuadraticBowl() throws Exception {
        List<Double> losses = new ArrayList<>();
        TrainingState state = state(false, "r");
        var options = options(null, 300, Pause.NEVER);
        new TrainingLoop(state, List.of(new Bowl(state, 0), new Bowl(state, 1)), options, () -> 0L)
                .run(r -> losses.add(r.losses().get("loss")));
        assertThat(losses.getLast()).isLessThan(0.05 * losses.getFirst());
    }

    @Test
    void aCheckpointOfAnotherRecipeIsRefused() throws Exception {
        Path file = folder.resolve("checkpoint");
        state(false, "one").save(file);
        assertThatThrownBy(() -> state(false, "two").load(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another recipe");
    }

    @Test
    void aDamagedCheckpointIsRefused() throws Exception {
        Path file = folder.resolve("checkpoint");
        state(false, "one").save(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
        assertThatThrownBy(() -> Checkpoint.load(file)).isInstanceOf(IOException.class);
    }

    @Test
    void nonFiniteGradientsAreSkippedAndThenEndTheRun() {
        TrainingState state = state(false, "r");
        float[] before = state.parameters().get("w").values().clone();
        GradientSource broken = new GradientSource() {
            @Override
            public ShardResult compute(long step) {
                return new ShardResult(Map.of("loss", Double.NaN), Map.of("w", new float[8]), Map.of());
            }

            @Override
            public void close() {}
        };
        var loop = new TrainingLoop(state, List.of(broken), options(null, 100, Pause.NEVER), () -> 0L);
        assertThatThrownBy(() -> loop.run(r -> {})).isInstanceOf(ArithmeticException.class);
        assertThat(state.parameters().get("w").values()).containsExactly(before);
    }

    @Test
    void scheduleWarmsUpAndEndsAtItsFloor() {
        var schedule = new Schedule(1, 0.1, 10, 110);
        assertThat(schedule.at(0)).isEqualTo(0.1);
        assertThat(schedule.at(9)).isEqualTo(1);
        assertThat(schedule.at(60)).isBetween(0.5, 0.6);
        assertThat(schedule.at(500)).isEqualTo(0.1);
    }

    private static TrainingState state(boolean coat, String recipe) {
        float[] w = new float[8];
        java.util.Arrays.fill(w, 3);
        Parameters p = new Parameters(List.of(Parameter.of("w", new long[] {2, 4}, w)));
        Parameters s = new Parameters(List.of(Parameter.of("mean", new long[] {1}, new float[1])));
        Optimizer o = coat ? new CoatAdamW(p, Betas.DEFAULT) : new AdamW(p, Betas.DEFAULT);
        return new TrainingState(recipe, p, s, o, 0.99);
    }

    private static TrainingLoop.Options options(Path file, long steps, Pause pause) {
        return new TrainingLoop.Options(new Schedule(0.1, 0, 5, steps), steps, 10, 0.1, file, 5, pause);
    }

    private static boolean run(TrainingState state, Path file, long steps, long stopAfter) throws Exception {
        var loop = new TrainingLoop(
                state,
                List.of(new Bowl(state, 0), new Bowl(state, 1)),
                options(file, steps, () -> state.step() >= stopAfter),
                () -> 0);
        return loop.run(r -> {});
    }

    /** Pulls the parameters towards noisy targets around zero. */
    private record Bowl(TrainingState state, int shard) implements GradientSource {
        @Override
        public ShardResult compute(long step) {
            Random random = new Random(step * 31 + shard);
            float[] w = state.parameters().get("w").values();
            float[] g = new float[w.length];
            double loss = 0;
            for (int i = 0; i < w.length; i++) {
                float off = w[i] - (float) (0.1 * random.nextGaussian());
                g[i] = 2 * off;
                loss += off * off;
            }
            return new ShardResult(Map.of("loss", loss), Map.of("w", g), Map.of("mean", new float[] {w[0]}));
        }

        @Override
        public void close() {}
    }
}
