package sightline.operators.recipe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import sightline.kernels.grad.TwoPhase;
import sightline.kernels.graph.Graph;
import sightline.kernels.train.AdamW;
import sightline.kernels.train.Betas;
import sightline.kernels.train.CoatAdamW;
import sightline.kernels.train.GradientSource;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Optimizer;
import sightline.kernels.train.Parameter;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.Pause;
import sightline.kernels.train.Schedule;
import sightline.kernels.train.StepReport;
import sightline.kernels.train.TrainableNetwork;
import sightline.kernels.train.TrainingLoop;
import sightline.kernels.train.TrainingState;
import sightline.kernels.weights.Weights;
import sightline.operators.pool.BatchFeed;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.PictureCache;
import sightline.operators.pool.PictureSource;
import sightline.operators.pool.TrainPack;

/**
 * Trains a network by a recipe: stages of growing input size, checkpoints, resume.
 *
 * <p>Memory: {@code cacheBytes} of decoded pictures, and what the engine takes for the activations of a batch.
 */
public final class Training implements AutoCloseable {
    private final Recipe recipe;
    private final Task<?> task;
    private final TrainPack pack;
    private final Workshop shop;
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
    public Training(Recipe recipe, TrainPack pack, Workshop shop, int threads, long cacheBytes) {
        this.recipe = recipe;
        this.task = Task.of(recipe);
        this.pack = pack;
        this.shop = shop;
        if (recipe.teacher().isPresent() && shop.teacher() == null) {
            throw new IllegalArgumentException("the recipe " + recipe.name() + " wants the weights of its teacher, "
                    + recipe.teacher().get());
        }
        this.threads = threads;
        this.cache = new PictureCache(cacheBytes);
        this.pictures = new PictureSource(
                pack.trained().stream().filter(task::learnsFrom).toList(), recipe.sources());
        this.drawers = Executors.newFixedThreadPool(threads);
        Graph network = network(1, 64);
        Parameters parameters = TrainableNetwork.parameters(network, recipe.seed());
        Parameters statistics = TrainableNetwork.statistics(network);
        recipe.start().ifPresentOrElse(from -> start(from, parameters, statistics), () -> task.begin(parameters));
        var betas = new Betas(0.9, 0.999, 1e-8, recipe.decay());
        Optimizer optimizer =
                recipe.optimizer().equals("coat") ? new CoatAdamW(parameters, betas) : new AdamW(parameters, betas);
        this.state = new TrainingState(recipe.identity(), parameters, statistics, optimizer, recipe.ema());
    }

    private static void start(String from, Parameters parameters, Parameters statistics) {
        try (Weights weights = ShippedWeights.open(from)) {
            for (Parameters part : List.of(parameters, statistics)) {
                for (Parameter p : part.list()) {
                    float[] values = weights.find(p.name())
                            .orElseThrow(() -> new IllegalArgumentException(from + " lacks " + p.name()))
                            .toFloats();
                    System.arraycopy(values, 0, p.values(), 0, p.values().length);
                }
            }
        }
    }

    public TrainingState state() {
        return state;
    }

    /** The network for a batch of squares, in inference meaning. */
    public Graph network(int batch, int side) {
        return task.network(batch, side);
    }

    /**
     * Goes on from the checkpoint where there is one, until the run is done or pauses.
     *
     * @return whether the run is done
     */
    public boolean run(Path checkpoint, int checkpointEvery, Pause pause, Consumer<StepReport> observer)
            throws IOException, InterruptedException {
        if (java.nio.file.Files.exists(checkpoint)) {
            state.load(checkpoint);
        }
        for (Recipe.Stage stage : recipe.stages()) {
            long until = Math.round(stage.until() * recipe.steps());
            if (state.step() >= until) {
                continue;
            }
            var options = new TrainingLoop.Options(
                    new Schedule(recipe.rate(), recipe.floor(), recipe.warmup(), recipe.steps()),
                    until,
                    recipe.clip(),
                    0.05,
                    checkpoint,
                    checkpointEvery,
                    pause);
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
        List<GradientSource> workers = new ArrayList<>();
        int share = recipe.batch() / recipe.workers();
        TrainableNetwork exact = TrainableNetwork.of(task.trained(share, side));
        TrainableNetwork network = recipe.activations().equals("fp8") ? exact.withFp8Activations() : exact;
        fits(recipe.workers() * TwoPhase.of(network.joint()).savedBytes(), side);
        for (int i = 0; i < recipe.workers(); i++) {
            int place = i % shop.engines().size();
            Tutor tutor = recipe.teacher().isEmpty()
                    ? Tutor.NONE
                    : Tutor.of(shop.tutors().get(place), task.teacher(share, side), shop.teacher());
            var gradient = new NetworkGradient(shop.engines().get(place), network, 1);
            workers.add(worker(task, gradient, tutor, side, i * share, share));
        }
        return workers;
    }

    /** What the backward half is given is most of what a step holds, and the least that it can. */
    private void fits(long need, int side) {
        if (need > shop.memory()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the recipe %s needs at least %,d MiB for the activations of a batch of %d at %d pixels, and there"
                            + " are %,d MiB: make its batch or its sides smaller",
                    recipe.name(),
                    (need >> 20) + 1,
                    recipe.batch(),
                    side,
                    shop.memory() >> 20));
        }
    }

    private <T> GradientSource worker(
            Task<T> learned, NetworkGradient gradient, Tutor tutor, int side, int first, int share) {
        var feed = new BatchFeed<>(drawers, () -> learned.sampler(pictures, cache, side), side, first, share);
        return new TaskWorker<>(gradient, state.parameters(), feed, learned.loss(gradient), tutor);
    }

    /** Scores the averaged weights on the pack's held-out pictures of the sources that are trained on. */
    Task.Score evaluate(int side) throws IOException {
        Graph network = network(1, side);
        List<LabeledPicture> held = pack.heldOut().stream()
                .filter(p -> task.knows(p) && recipe.sources().getOrDefault(p.source(), 0.0) > 0)
                .toList();
        return task.evaluate(
                shop.engines().getFirst(),
                DetectorEvaluation.weights(network, state.averageParameters(), state.averageStatistics()),
                side,
                threads,
                held);
    }

    @Override
    public void close() {
        drawers.shutdownNow();
    }
}
