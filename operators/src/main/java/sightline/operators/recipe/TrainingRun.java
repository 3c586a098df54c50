package sightline.operators.recipe;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sightline.kernels.engine.Engine;
import sightline.kernels.train.StepReport;
import sightline.operators.evaluate.DetectionEvaluation;
import sightline.operators.pool.TrainPack;

/**
 * A whole run in a folder: {@code checkpoint} to resume from, {@code curve.csv} and {@code curve.png}, and at the end the
 * weights and {@code report.md}. Run it again on the same folder to go on after a pause or a kill; at most one interval
 * between checkpoints is lost.
 *
 * @param recipe what to train
 * @param folder where everything goes
 * @param threads for drawing samples
 * @param cacheBytes budget for decoded pictures
 * @param evaluateAt side of the input for the evaluation
 */
public record TrainingRun(Recipe recipe, Path folder, int threads, long cacheBytes, int evaluateAt) {
    private static final int CHECKPOINT_EVERY = 200;
    private static final int PRINT_EVERY = 20;

    /**
     * Trains until done or out of time.
     *
     * @param out gets a line of progress now and then
     * @return whether the run is done
     */
    public boolean run(TrainPack pack, Engine engine, Duration limit, PrintStream out)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path curve = folder.resolve("curve.csv");
        try (var training = new DetectorTraining(recipe, pack, engine, threads, cacheBytes);
                var csv = Files.newBufferedWriter(curve, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            boolean done = training.run(folder.resolve("checkpoint"), CHECKPOINT_EVERY, limit, r -> {
                try {
                    csv.write(String.format(
                            Locale.ROOT, "%d,%.5f%n", r.step(), r.losses().get("loss")));
                    if (r.step() % PRINT_EVERY == 0) {
                        csv.flush();
                        out.println(line(r));
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            csv.flush();
            CurvePicture.write(folder.resolve("curve.png"), losses(curve));
            if (done) {
                finish(training, out);
            }
            return done;
        }
    }

    private void finish(DetectorTraining training, PrintStream out) throws IOException {
        DetectionEvaluation evaluation = training.evaluate(evaluateAt, 1);
        ShippedWeights.write(
                folder.resolve(recipe.name() + ".safetensors"),
                training.network(1, evaluateAt),
                training.state().averageParameters(),
                training.state().averageStatistics(),
                Map.of("recipe", recipe.name(), "seed", Long.toString(recipe.seed())));
        String report = "# " + recipe.name() + "\n\n" + training.state().step() + " steps, seed " + recipe.seed()
                + ", optimiser state " + training.state().optimizer().stateBytes() + " bytes for "
                + training.state().parameters().count() + " parameters.\n\nHeld-out pictures at " + evaluateAt
                + " pixels:\n\n```\n" + evaluation.table() + "```\n\n![loss](curve.png)\n";
        Files.writeString(folder.resolve("report.md"), report);
        out.print(evaluation.table());
    }

    private static String line(StepReport r) {
        return String.format(
                Locale.ROOT,
                "step %d of %d, loss %.3f (class %.3f, box %.3f, fit %.2f), rate %.5f, %d s left",
                r.step(),
                r.total(),
                r.losses().get("loss"),
                r.losses().get("class"),
                r.losses().get("box"),
                r.losses().get("fit"),
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
