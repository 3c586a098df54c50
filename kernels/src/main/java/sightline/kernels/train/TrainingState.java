package sightline.kernels.train;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The moving parts of a run: trained parameters, running statistics, optimiser, averages of both, and the step.
 *
 * <p>Threading: read by workers during a step, written by the loop between steps.
 */
public final class TrainingState {
    private final String recipe;
    private final Parameters parameters;
    private final Parameters statistics;
    private final Optimizer optimizer;
    private final Ema averageParameters;
    private final Ema averageStatistics;
    private long step;

    /**
     * A run before its first step.
     *
     * @param recipe digest of whatever must not change over a resume
     * @param statistics running means and variances, which move by averaging, not by gradients
     */
    public TrainingState(
            String recipe, Parameters parameters, Parameters statistics, Optimizer optimizer, double emaDecay) {
        this.recipe = recipe;
        this.parameters = parameters;
        this.statistics = statistics;
        this.optimizer = optimizer;
        this.averageParameters = new Ema(parameters, emaDecay, 300);
        this.averageStatistics = new Ema(statistics, emaDecay, 300);
    }

    public Parameters parameters() {
        return parameters;
    }

    public Parameters statistics() {
        return statistics;
    }

    public Parameters averageParameters() {
        return averageParameters.average();
    }

    public Parameters averageStatistics() {
        return averageStatistics.average();
    }

    public Optimizer optimizer() {
        return optimizer;
    }

    /** Steps done. */
    public long step() {
        return step;
    }

    void stepped() {
        averageParameters.update(parameters);
        averageStatistics.update(statistics);
        step++;
    }

    public void save(Path file) throws IOException {
        Checkpoint c = Checkpoint.empty();
        c.text().put("recipe", recipe);
        c.numbers().put("step", step);
        c.numbers().put("ema", averageParameters.updates());
        c.put("parameter/", parameters);
        c.put("statistic/", statistics);
        c.put("average/", averageParameters.average());
        c.put("averageStatistic/", averageStatistics.average());
        c.put(optimizer.state());
        c.save(file);
    }

    /** Goes on from a file that {@link #save} wrote. Refuses one of another recipe. */
    public void load(Path file) throws IOException {
        Checkpoint c = Checkpoint.load(file);
        if (!recipe.equals(c.text().get("recipe"))) {
            throw new IOException(file + " belongs to another recipe; remove it to start anew");
        }
        step = c.numbers().get("step");
        c.get("parameter/", parameters);
        c.get("statistic/", statistics);
        Parameters average = parameters.copy();
        c.get("average/", average);
        averageParameters.restore(average, c.numbers().get("ema"));
        Parameters averageStatistic = statistics.copy();
        c.get("averageStatistic/", averageStatistic);
        averageStatistics.restore(averageStatistic, c.numbers().get("ema"));
        optimizer.restore(c.optimizer());
    }
}
