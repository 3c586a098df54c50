package sightline.kernels.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * Data-parallel training: every worker computes the gradient of its share of the batch, the shares are averaged in the
 * order of the workers (so that a run does not depend on which finished first), clipped, and the optimiser moves the
 * parameters that all workers see.
 *
 * <p>A step whose loss or gradient is not finite is skipped and counted; ten in a row end the run. A pause and
 * the last step save a checkpoint; so does every {@code checkpointEvery}-th step.
 */
public final class TrainingLoop {
    private static final int MAX_SKIPPED_IN_A_ROW = 10;

    private final TrainingState state;
    private final List<? extends GradientSource> workers;
    private final Options options;
    private final LongSupplier nanoTime;
    private final Map<String, float[]> gradients = new LinkedHashMap<>();
    private int skippedInARow;

    /**
     * How a run goes.
     *
     * @param schedule learning rate and length
     * @param until step at which this part of the run ends
     * @param clip largest global norm of the gradient
     * @param momentum share of a batch's statistics in the running ones
     * @param checkpoint where to save, or null for never
     * @param checkpointEvery steps between saves
     * @param pause is asked before every step
     */
    public record Options(
            Schedule schedule,
            long until,
            double clip,
            double momentum,
            Path checkpoint,
            int checkpointEvery,
            Pause pause) {}

    /** What is told after every step. */
    public interface Observer {
        /**
         * After a step.
         *
         * @param report of the step just done
         */
        void stepped(StepReport report);
    }

    public TrainingLoop(
            TrainingState state, List<? extends GradientSource> workers, Options options, LongSupplier nanoTime) {
        this.state = state;
        this.workers = List.copyOf(workers);
        this.options = options;
        this.nanoTime = nanoTime;
        state.parameters().list().forEach(p -> gradients.put(p.name(), new float[p.values().length]));
    }

    /** Resumes from the checkpoint where there is one, then runs until the end or a pause; true when it is done. */
    public boolean run(Observer observer) throws IOException, InterruptedException {
        if (options.checkpoint() != null && Files.exists(options.checkpoint())) {
            state.load(options.checkpoint());
        }
        long started = nanoTime.getAsLong();
        long firstStep = state.step();
        try (ExecutorService threads = Executors.newFixedThreadPool(workers.size())) {
            while (state.step() < options.until()) {
                if (options.pause().asked()) {
                    save();
                    return false;
                }
                double rate = options.schedule().at(state.step());
                Map<String, Double> losses = one(threads, rate);
                long done = state.step() - firstStep;
                long elapsed = nanoTime.getAsLong() - started;
                observer.stepped(new StepReport(
                        state.step(),
                        options.schedule().total(),
                        losses,
                        rate,
                        Duration.ofNanos(elapsed),
                        Duration.ofNanos(elapsed / done * (options.schedule().total() - state.step()))));
                if (state.step() % options.checkpointEvery() == 0) {
                    save();
                }
            }
        }
        save();
        return true;
    }

    private void save() throws IOException {
        if (options.checkpoint() != null) {
            state.save(options.checkpoint());
        }
    }

    private Map<String, Double> one(ExecutorService threads, double rate) throws InterruptedException {
        long step = state.step();
        List<Future<ShardResult>> running = new ArrayList<>();
        for (GradientSource worker : workers) {
            running.add(threads.submit(() -> worker.compute(step)));
        }
        Map<String, Double> losses = new LinkedHashMap<>();
        Map<String, float[]> batch = new LinkedHashMap<>();
        gradients.values().forEach(g -> java.util.Arrays.fill(g, 0));
        float share = 1f / workers.size();
        for (Future<ShardResult> future : running) {
            ShardResult r = result(future);
            r.losses().forEach((name, x) -> losses.merge(name, x / workers.size(), Double::sum));
            gradients.entrySet().parallelStream()
                    .forEach(e -> add(e.getValue(), r.gradients().get(e.getKey()), share));
            r.statistics().forEach((name, x) -> add(batch.computeIfAbsent(name, n -> new float[x.length]), x, share));
        }
        double norm = norm();
        losses.put("norm", norm);
        if (!Double.isFinite(norm) || !Double.isFinite(losses.getOrDefault("loss", 0.0))) {
            skip(step);
        } else {
            skippedInARow = 0;
            if (norm > options.clip()) {
                float factor = (float) (options.clip() / norm);
                gradients.values().parallelStream().forEach(g -> scale(g, factor));
            }
            state.optimizer().step(gradients, rate);
            batch.forEach(this::average);
        }
        state.stepped();
        return losses;
    }

    private void skip(long step) {
        if (++skippedInARow >= MAX_SKIPPED_IN_A_ROW) {
            throw new ArithmeticException("loss or gradient not finite in " + skippedInARow + " steps up to " + step);
        }
    }

    private void average(String name, float[] batch) {
        float[] running = state.statistics().get(name).values();
        float momentum = (float) options.momentum();
        for (int i = 0; i < running.length; i++) {
            running[i] += momentum * (batch[i] - running[i]);
        }
    }

    private double norm() {
        // Each tensor's sum on its own, then these in order: the same result however many threads share the work.
        double[] squares = gradients.values().parallelStream()
                .mapToDouble(TrainingLoop::square)
                .toArray();
        double sum = 0;
        for (double square : squares) {
            sum += square;
        }
        return Math.sqrt(sum);
    }

    private static double square(float[] g) {
        double sum = 0;
        for (float x : g) {
            sum += (double) x * x;
        }
        return sum;
    }

    private static ShardResult result(Future<ShardResult> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a training worker failed", e.getCause());
        }
    }

    private static void add(float[] sum, float[] x, float share) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += share * x[i];
        }
    }

    private static void scale(float[] x, float factor) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= factor;
        }
    }
}
