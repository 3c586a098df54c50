package sightline.operators.recipe;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import sightline.kernels.train.AdamW;
import sightline.kernels.train.MomentLoss;
import sightline.kernels.train.Pause;
import sightline.kernels.train.StepReport;
import sightline.kernels.train.TrainingState;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.ScenePictures;
import sightline.operators.pool.TrainPack;

/**
 * A whole run in a folder, with a look at held-out pictures now and then: {@code checkpoint} to resume from, {@code curve.csv} and {@code curve.svg}, and at the end the
 * weights and {@code report.md}. Run it again on the same folder to go on after a pause or a kill; at most one interval
 * between checkpoints is lost.
 *
 * @param recipe what to train
 * @param folder where everything goes
 * @param threads for drawing samples
 * @param cacheBytes budget for decoded pictures
 * @param checkpointEvery steps between checkpoints
 */
public record TrainingRun(Recipe recipe, Path folder, int threads, long cacheBytes, int checkpointEvery) {
    /** Steps between checkpoints where nothing else is asked for. */
    public static final int CHECKPOINT_EVERY = 200;

    private static final int PRINT_EVERY = 20;
    /** Steps between looks at held-out pictures. */
    private static final int EVALUATE_EVERY = 2000;

    private static final long FIRST_PLAZA = 10_000;
    private static final long HELD_OUT_PLAZA = 1_000_000;
    private static final int HELD_OUT_PLAZAS = 8;
    /** As the demo's cameras have it. */
    private static final int SCENE_WIDTH = 640;

    private static final float SCENE_QUALITY = 0.85f;

    /**
     * Trains until done or asked to pause.
     *
     * @param out gets a line of progress now and then
     * @return whether the run is done
     */
    public boolean run(TrainPack given, Workshop shop, Pause pause, PrintStream out)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        TrainPack pack = withScenes(given);
        Path curve = folder.resolve("curve.csv");
        try (var training = new Training(recipe, pack, shop, threads, cacheBytes);
                var csv = Files.newBufferedWriter(curve, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            boolean done = training.run(folder.resolve("checkpoint"), checkpointEvery, pause, r -> {
                try {
                    csv.write(String.format(
                            Locale.ROOT, "%d,%.5f%n", r.step(), r.losses().get("loss")));
                    if (r.step() % Math.min(PRINT_EVERY, checkpointEvery) == 0) {
                        csv.flush();
                        out.println(line(r));
                    }
                    if (r.step() % EVALUATE_EVERY == 0 && r.step() < recipe.steps()) {
                        out.println("step " + r.step() + ", held-out pictures: "
                                + training.evaluate(recipe.evaluateAt()).line());
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            csv.flush();
            CurvePicture.write(folder.resolve("curve.svg"), losses(curve));
            write(training);
            if (done) {
                finish(training, out);
            }
            return done;
        }
    }

    /** The pack and, where the recipe wants them, simulated pictures: some to learn from, others to be judged by. */
    private TrainPack withScenes(TrainPack given) {
        if (recipe.scenes().plazas() == 0) {
            return given;
        }
        List<LabeledPicture> trained = new ArrayList<>(given.trained());
        trained.addAll(ScenePictures.draw(
                FIRST_PLAZA, recipe.scenes().plazas(), recipe.scenes().each(), SCENE_WIDTH, SCENE_QUALITY));
        List<LabeledPicture> held = new ArrayList<>(given.heldOut());
        held.addAll(ScenePictures.draw(HELD_OUT_PLAZA, HELD_OUT_PLAZAS, 2, SCENE_WIDTH, SCENE_QUALITY));
        return new TrainPack(trained, held);
    }

    /** The averaged weights as they stand. */
    private void write(Training training) {
        ShippedWeights.write(
                folder.resolve(recipe.name() + ".safetensors"),
                training.network(1, recipe.evaluateAt()),
                training.state().averageParameters(),
                training.state().averageStatistics(),
                Map.of(
                        "recipe", recipe.name(),
                        "seed", Long.toString(recipe.seed()),
                        "steps", Long.toString(training.state().step())));
    }

    private void finish(Training training, PrintStream out) throws IOException {
        Task.Score score = training.evaluate(recipe.evaluateAt());
        String report = "# " + recipe.name() + "\n\n" + training.state().step() + " steps, seed " + recipe.seed()
                + ", optimiser state " + training.state().optimizer().stateBytes() + " bytes for "
                + training.state().parameters().count() + " parameters.\n\nHeld-out pictures at " + recipe.evaluateAt()
                + " pixels: " + score.line() + "\n\n```\n" + score.table() + "```\n\n" + moments(training.state())
                + "![loss](curve.svg)\n";
        Files.writeString(folder.resolve("report.md"), report);
        out.println("held-out pictures: " + score.line());
        out.print(score.table());
    }

    /** What COAT would have cost this run's moments, where they are exact. */
    private static String moments(TrainingState state) {
        if (!(state.optimizer() instanceof AdamW)) {
            return "";
        }
        var text = new StringBuilder(
                "What these moments lose in eight bits (root mean square of relative errors,"
                        + " share that vanishes):\n\n| | first moment | second moment | update, relative L2 |\n|---|---|---|---|\n");
        for (boolean expand : new boolean[] {false, true}) {
            MomentLoss loss = MomentLoss.of(state.optimizer().state(), expand);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.2f %%, %.3f %% | %.2f %%, %.3f %% | %.2f %% |%n",
                    expand ? "with dynamic range expansion" : "without",
                    100 * loss.first().relative(),
                    100 * loss.first().vanished(),
                    100 * loss.second().relative(),
                    100 * loss.second().vanished(),
                    100 * loss.update()));
        }
        return text.append('\n').toString();
    }

    private static String line(StepReport r) {
        String losses = r.losses().entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %.3f", e.getKey(), e.getValue()))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "step %d of %d, %s, rate %.5f, %d s left",
                r.step(),
                r.total(),
                losses,
                r.rate(),
                r.remaining().toSeconds());
    }

    private static List<Double> losses(Path curve) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(curve)) {
            losses.add(Double.parseDouble(line.substring(line.indexOf(',') + 1)));
        }
        return losses;
    }
}
