package sightline.operators.recipe;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.train.AdamW;
import sightline.kernels.train.Betas;
import sightline.kernels.train.CoatAdamW;
import sightline.kernels.train.GradientSource;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Optimizer;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.Schedule;
import sightline.kernels.train.StepReport;
import sightline.kernels.train.TrainableNetwork;
import sightline.kernels.train.TrainingLoop;
import sightline.kernels.train.TrainingState;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Variant;
import sightline.operators.evaluate.DetectionEvaluation;
import sightline.operators.pool.BatchFeed;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.PictureCache;
import sightline.operators.pool.PictureSource;
import sightline.operators.pool.SampleMaker;
import sightline.operators.pool.TrainPack;

/**
 * Trains a detector by a recipe: stages of growing input size, checkpoints, resume.
 *
 * <p>Memory: {@code cacheBytes} of decoded pictures, and what the engine takes for the activations of a batch.
 */
public final class DetectorTraining implements AutoCloseable {
    private static final double CLASS_BIAS = -4.6;

    private final Recipe recipe;
    private final Variant variant;
    private final TrainPack pack;
    private final Engine engine;
    private final PictureCache cache;
    private final PictureSource pictures;
    private final ExecutorService drawers;
    private final TrainingState state;
    private final int threads;

    /**
     * Prepares a run.
     *
     * @param threads for drawing samples
     * @param cacheBytes budget for decoded pictures
     */
    public DetectorTraining(Recipe recipe, TrainPack pack, Engine engine, int threads, long cacheBytes) {
        this.recipe = recipe;
        this.variant = Variant.valueOf(recipe.variant().toUpperCase(Locale.ROOT));
        this.pack = pack;
        this.engine = engine;
        this.threads = threads;
        this.cache = new PictureCache(cacheBytes);
        this.pictures = new PictureSource(pack.trained(), recipe.sources());
        this.drawers = Executors.newFixedThreadPool(threads);
        Graph network = network(1, 64);
        Parameters parameters = TrainableNetwork.parameters(network, recipe.seed());
        parameters.list().forEach(p -> {
            if (p.name().contains("class_out") && p.name().endsWith("bias")) {
                java.util.Arrays.fill(p.values(), (float) CLASS_BIAS);
            }
        });
        var betas = new Betas(0.9, 0.999, 1e-8, recipe.decay());
        Optimizer optimizer =
                recipe.optimizer().equals("coat") ? new CoatAdamW(parameters, betas) : new AdamW(parameters, betas);
        this.state = new TrainingState(
                recipe.toString(), parameters, TrainableNetwork.statistics(network), optimizer, recipe.ema());
    }

    public TrainingState state() {
        return state;
    }

    /** The detection graph for a batch of squares, in inference meaning. */
    public Graph network(int batch, int side) {
        return EfficientVit.detection(variant, Shape.of(batch, 3, side, side));
    }

    /**
     * Goes on from the checkpoint where there is one, until the run is done or the time is up.
     *
     * @return whether the run is done
     */
    public boolean run(Path checkpoint, int checkpointEvery, Duration limit, Consumer<StepReport> observer)
            throws IOException, InterruptedException {
        long started = System.nanoTime();
        if (java.nio.file.Files.exists(checkpoint)) {
            state.load(checkpoint);
        }
        for (Recipe.Stage stage : recipe.stages()) {
            long until = Math.round(stage.until() * recipe.steps());
            if (state.step() >= until) {
                continue;
            }
            Duration left = limit.minusNanos(System.nanoTime() - started);
            var options = new TrainingLoop.Options(
                    new Schedule(recipe.rate(), recipe.floor(), recipe.warmup(), recipe.steps()),
                    until,
                    recipe.clip(),
                    0.05,
                    checkpoint,
                    checkpointEvery,
                    left);
            List<GradientSource> workers = workers(stage.side());
            try {
                boolean finished = new TrainingLoop(state, workers, options, System::nanoTime).run(observer::accept);
                if (!finished) {
                    return false;
                }
            } finally {
                workers.forEach(GradientSource::close);
            }
        }
        return true;
    }

    private List<GradientSource> workers(int side) {
        int share = recipe.batch() / recipe.workers();
        TrainableNetwork network = TrainableNetwork.of(network(share, side));
        List<GradientSource> workers = new ArrayList<>();
        for (int i = 0; i < recipe.workers(); i++) {
            var feed = new BatchFeed(
                    drawers,
                    () -> new SampleMaker(pictures, cache, recipe.augmentation(), side, recipe.seed()),
                    side,
                    i * share,
                    share);
            workers.add(new DetectionWorker(
                    new NetworkGradient(engine, network, 1),
                    state.parameters(),
                    feed,
                    step -> Math.max(0, 1 - (double) step / recipe.prior())));
        }
        return workers;
    }

    /** Scores the averaged weights on the pack's held-out pictures of the sources that are trained on. */
    public DetectionEvaluation evaluate(int side, int batch) throws IOException {
        Graph network = network(batch, side);
        List<LabeledPicture> held = pack.heldOut().stream()
                .filter(p -> recipe.sources().getOrDefault(p.source(), 0.0) > 0)
                .toList();
        try (var evaluation = new DetectorEvaluation(
                engine,
                network,
                DetectorEvaluation.weights(network, state.averageParameters(), state.averageStatistics()),
                threads)) {
            return evaluation.evaluate(held);
        }
    }

    @Override
    public void close() {
        drawers.shutdownNow();
    }
}
