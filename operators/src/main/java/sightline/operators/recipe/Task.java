package sightline.operators.recipe;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Graph;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameter;
import sightline.kernels.train.Parameters;
import sightline.kernels.weights.Weights;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.PictureCache;
import sightline.operators.pool.PictureSource;
import sightline.operators.pool.Sampler;

/**
 * What is learned: a network, what is known of a sample, a loss and a score. Another task is another implementation; the
 * run, its checkpoints and its batches stay the same.
 *
 * @param <T> what is known of a sample
 */
interface Task<T> {
    /** Name of every task's input. */
    String IMAGE = "image";

    /** Fails with the tasks there are. */
    static Task<?> of(Recipe recipe) {
        return switch (recipe.task()) {
            case "detect" -> new DetectionTask(recipe);
            case "pose" -> new PoseTask(recipe);
            case "segment" -> new StreetTask(recipe);
            default ->
                throw new IllegalArgumentException("no task " + recipe.task() + "; there are detect, pose and segment");
        };
    }

    /** The network for a batch of squares, in inference meaning. */
    Graph network(int batch, int side);

    /** The same with whatever else the loss wants to see of it. */
    default Graph trained(int batch, int side) {
        return network(batch, side);
    }

    /** What the recipe's teacher says of a batch of squares, on the student's grids; the input is the student's. */
    default Graph teacher(int batch, int side) {
        throw new IllegalArgumentException("this task has no teacher that looks along");
    }

    /** Changes fresh parameters where a head wants another start than the rest. */
    void begin(Parameters parameters);

    /**
     * Lets last layers start near zero, so that a fresh network says about what their biases say. With the spread that suits
     * the layers before them, sure nonsense has to be unlearned first.
     *
     * @param head which parameters are theirs, by name
     */
    static void startQuiet(Parameters parameters, Predicate<String> head) {
        for (Parameter p : parameters.list()) {
            if (head.test(p.name())) {
                for (int i = 0; i < p.values().length; i++) {
                    p.values()[i] *= 0.1f;
                }
            }
        }
    }

    /** A source of samples for one thread. */
    Sampler<T> sampler(PictureSource pictures, PictureCache cache, int side);

    /** The loss of one worker, which speaks through that worker's network. */
    TaskLoss<T> loss(NetworkGradient network);

    /** Whether a picture carries labels of this task. */
    boolean knows(LabeledPicture picture);

    /** Whether samples can be made of it. */
    default boolean learnsFrom(LabeledPicture picture) {
        return knows(picture);
    }

    /** How weights do on labelled pictures. */
    Score evaluate(Engine engine, Weights weights, int side, int threads, List<LabeledPicture> pictures)
            throws IOException;

    /**
     * How a network did.
     *
     * @param name of the measure
     * @param value higher is better; NaN where there was nothing to compare with
     * @param table for people to read
     * @param truths what there was to compare with, in a word
     */
    record Score(String name, double value, String table, String truths) {
        String line() {
            return Double.isNaN(value) ? "no " + truths : String.format(Locale.ROOT, "%s %.4f", name, value);
        }
    }
}
