package sightline.operators.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.train.Pause;
import sightline.operators.pool.Augmentation;
import sightline.operators.pool.LabeledObject;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.Picture;
import sightline.operators.pool.TrainPack;

@Tag("long")
class TrainingTest {
    @TempDir
    Path folder;

    /** Bright rectangles on noise, learned by the real network on the real engine: the loss must fall by half. */
    @Test
    void theDetectorLearnsSixteenPictures() throws Exception {
        List<Double> losses = new ArrayList<>();
        try (var training = new Training(recipe(60), pack(), Workshop.of(List.of(new OnnxEngine())), 2, 10 << 20)) {
            boolean done = training.run(
                    folder.resolve("checkpoint"),
                    20,
                    Pause.NEVER,
                    r -> losses.add(r.losses().get("loss")));
            assertThat(done).isTrue();
            double start =
                    losses.subList(0, 5).stream().mapToDouble(x -> x).average().orElseThrow();
            double end = losses.subList(55, 60).stream()
                    .mapToDouble(x -> x)
                    .average()
                    .orElseThrow();
            assertThat(end).isLessThan(0.5 * start);
        }
    }

    @Test
    void aKilledRunGoesOnWhereItsCheckpointWas() throws Exception {
        Path file = folder.resolve("checkpoint");
        float[] whole;
        try (var training = new Training(recipe(6), pack(), Workshop.of(List.of(new OnnxEngine())), 2, 10 << 20)) {
            training.run(folder.resolve("other"), 100, Pause.NEVER, r -> {});
            whole = training.state().parameters().list().getFirst().values();
        }
        try (var training = new Training(recipe(6), pack(), Workshop.of(List.of(new OnnxEngine())), 2, 10 << 20)) {
            try {
                training.run(file, 2, Pause.NEVER, r -> {
                    if (r.step() == 4) {
                        throw new IllegalStateException("killed");
                    }
                });
            } catch (IllegalStateException killed) {
                assertThat(killed).hasMessage("killed");
            }
        }
        try (var training = new Training(recipe(6), pack(), Workshop.of(List.of(new OnnxEngine())), 2, 10 << 20)) {
            assertThat(training.run(file, 2, Pause.NEVER, r -> {})).isTrue();
            assertThat(training.state().parameters().list().getFirst().values()).containsExactly(whole);
        }
    }

    private static Recipe recipe(long steps) {
        return new Recipe(
                "toy",
                "detect",
                "b0",
                Map.of("s", 1.0),
                List.of(new Recipe.Stage(64, 1)),
                8,
                2,
                steps,
                3,
                2e-3,
                1e-5,
                0.01,
                0.9,
                10,
                "adamw",
                "exact",
                30,
                new Augmentation(1, 0.9, 14, 30, 0, Augmentation.WHOLE),
                Recipe.Scenes.NONE,
                Optional.empty(),
                Optional.empty(),
                64,
                5);
    }

    private static TrainPack pack() throws java.io.IOException {
        List<LabeledPicture> pictures = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            byte[] rgb = new byte[3 * 80 * 80];
            new java.util.Random(i).nextBytes(rgb);
            for (int y = 20; y < 60; y++) {
                java.util.Arrays.fill(rgb, 3 * (y * 80 + 25), 3 * (y * 80 + 55), (byte) 240);
            }
            var o = LabeledObject.human(ObjectClass.CAR, new Box(25 / 80.0, 0.25, 30 / 80.0, 0.5));
            pictures.add(new LabeledPicture("s/" + i, "s", true, new Picture(80, 80, rgb).jpeg(0.9f), List.of(o)));
        }
        return new TrainPack(pictures, pictures.subList(0, 2));
    }
}
