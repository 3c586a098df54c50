package sightline.operators.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.train.AdamW;
import sightline.kernels.train.Betas;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.Pause;
import sightline.kernels.train.Schedule;
import sightline.kernels.train.StepReport;
import sightline.kernels.train.TrainableNetwork;
import sightline.kernels.train.TrainingLoop;
import sightline.kernels.train.TrainingState;
import sightline.operators.pool.Augmentation;
import sightline.operators.pool.BatchFeed;
import sightline.operators.pool.LabeledObject;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.Letterbox;
import sightline.operators.pool.Picture;
import sightline.operators.pool.Sampler;
import sightline.operators.pool.Target;

/**
 * The detector learns four pictures by heart: the same ones in each step, without augmentation and without decay. What is
 * asked is that it finds them again. The loss itself has no fixed floor: its targets are grades below 1, whose entropy
 * stays, .44 here while the fixed assignment holds.
 */
class OverfitTest {
    private static final int SIDE = 64;
    private static final int PICTURES = 4;
    private static final int STEPS = 80;

    private final List<LabeledPicture> pictures = pictures();
    private final Task<List<Target>> task = new DetectionTask(recipe());
    private final TrainingState state = state();

    @Test
    void aHandfulOfPicturesIsLearnedByHeart() throws Exception {
        List<StepReport> reports = new ArrayList<>();
        TrainableNetwork network = TrainableNetwork.of(task.trained(PICTURES, SIDE));
        try (ExecutorService drawer = Executors.newSingleThreadExecutor();
                var gradient = new NetworkGradient(new OnnxEngine(), network, 1)) {
            Sampler<List<Target>> sampler = (step, index, out) -> sample(pictures.get(index), out);
            var feed = new BatchFeed<>(drawer, () -> sampler, SIDE, 0, PICTURES);
            var worker = new TaskWorker<>(gradient, state.parameters(), feed, task.loss(gradient), Tutor.NONE);
            var options = new TrainingLoop.Options(
                    new Schedule(3e-3, 1e-5, 5, STEPS), STEPS, 10, 0.05, null, STEPS, Pause.NEVER);
            new TrainingLoop(state, List.of(worker), options, System::nanoTime).run(reports::add);
        }
        assertThat(reports.getFirst().losses().get("fit")).isLessThan(0.5);
        assertThat(reports.getLast().losses().get("fit")).isGreaterThan(0.95);
        assertThat(reports.getLast().losses().get("loss"))
                .isLessThan(0.2 * reports.getFirst().losses().get("loss"));

        Task.Score score = task.evaluate(
                new OnnxEngine(),
                DetectorEvaluation.weights(task.network(1, SIDE), state.averageParameters(), state.averageStatistics()),
                SIDE,
                1,
                pictures);
        assertThat(score.value()).as(score.table()).isEqualTo(1);
    }

    private TrainingState state() {
        Parameters parameters = TrainableNetwork.parameters(task.network(1, SIDE), recipe().seed());
        task.begin(parameters);
        return new TrainingState(
                "by heart",
                parameters,
                TrainableNetwork.statistics(task.network(1, SIDE)),
                new AdamW(parameters, new Betas(0.9, 0.999, 1e-8, 0)),
                recipe().ema());
    }

    /** The whole picture and its boxes, always the same. */
    private static List<Target> sample(LabeledPicture picture, FloatBuffer out) {
        try {
            Letterbox.write(picture.decode(), SIDE, out, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Target> targets = new ArrayList<>();
        for (LabeledObject o : picture.objects()) {
            Box b = o.box();
            targets.add(new Target(
                    o.label(),
                    (float) b.x() * SIDE,
                    (float) b.y() * SIDE,
                    (float) b.right() * SIDE,
                    (float) b.bottom() * SIDE,
                    1,
                    false));
        }
        return targets;
    }

    private static Recipe recipe() {
        return new Recipe(
                "by heart",
                "detect",
                "b0",
                Map.of("s", 1.0),
                List.of(new Recipe.Stage(SIDE, 1)),
                PICTURES,
                1,
                STEPS,
                5,
                3e-3,
                1e-5,
                0,
                0.9,
                10,
                "adamw",
                "exact",
                40,
                Augmentation.STREET,
                Recipe.Scenes.NONE,
                Optional.empty(),
                Optional.empty(),
                SIDE,
                5);
    }

    /** Cars and people in turn: a bright rectangle on noise, each elsewhere. */
    private static List<LabeledPicture> pictures() {
        List<LabeledPicture> pictures = new ArrayList<>();
        for (int i = 0; i < PICTURES; i++) {
            byte[] rgb = new byte[3 * 80 * 80];
            new Random(i).nextBytes(rgb);
            int left = 10 + 9 * i;
            for (int y = 20; y < 60; y++) {
                Arrays.fill(rgb, 3 * (y * 80 + left), 3 * (y * 80 + left + 32), (byte) 240);
            }
            ObjectClass label = i % 2 == 0 ? ObjectClass.CAR : ObjectClass.PERSON;
            var object = LabeledObject.human(label, new Box(left / 80.0, 0.25, 0.4, 0.5));
            try {
                byte[] jpeg = new Picture(80, 80, rgb).jpeg(0.9f);
                pictures.add(new LabeledPicture("s/" + i, "s", true, jpeg, List.of(object)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return pictures;
    }
}
