package sightline.operators.recipe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sightline.config.domain.ObjectClass;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Arrays32;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameters;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Variant;
import sightline.operators.evaluate.DetectionEvaluation;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.PictureCache;
import sightline.operators.pool.PictureSource;
import sightline.operators.pool.SampleMaker;
import sightline.operators.pool.Sampler;
import sightline.operators.pool.Target;

/** Boxes of six classes. */
final class DetectionTask implements Task<List<Target>> {
    private static final int CLASSES = ObjectClass.values().length;
    /** One cell in a hundred is an object to begin with (RetinaNet's prior). */
    private static final double CLASS_BIAS = -4.6;

    private final Recipe recipe;
    private final Variant variant;

    DetectionTask(Recipe recipe) {
        this.recipe = recipe;
        this.variant = Variant.valueOf(recipe.variant().toUpperCase(Locale.ROOT));
    }

    @Override
    public Graph network(int batch, int side) {
        return EfficientVit.detection(variant, Shape.of(batch, 3, side, side));
    }

    /**
     * Every box reaches about one stride to each side. Where logarithms of distances began wider than that, boxes first
     * shrank to points inside their objects, from where the overlap's gradient leads nowhere.
     */
    @Override
    public void begin(Parameters parameters) {
        Task.startQuiet(parameters, name -> name.contains("_out") && name.endsWith("weight"));
        parameters.list().forEach(p -> {
            if (p.name().contains("class_out") && p.name().endsWith("bias")) {
                Arrays.fill(p.values(), (float) CLASS_BIAS);
            }
        });
    }

    @Override
    public Sampler<List<Target>> sampler(PictureSource pictures, PictureCache cache, int side) {
        return SampleMaker.boxes(pictures, cache, recipe.augmentation(), side, recipe.seed());
    }

    @Override
    public TaskLoss<List<Target>> loss(NetworkGradient network) {
        var loss = new DetectionLoss(CLASSES);
        List<HeadLevel> levels = new ArrayList<>();
        for (int stride : DetectionHeads.STRIDES) {
            Tensor logits = network.cotangent(DetectionHeads.logits(stride));
            levels.add(HeadLevel.of(stride, (int) logits.dim(2), (int) logits.dim(3), (int) logits.dim(0), CLASSES));
        }
        return (outputs, taught, targets, step) -> {
            for (HeadLevel level : levels) {
                Arrays32.get(outputs.get(DetectionHeads.logits(level.stride())), level.scores());
                Arrays32.get(outputs.get(DetectionHeads.distances(level.stride())), level.boxes());
            }
            Map<String, Double> losses = loss.compute(levels, targets, prior(step));
            for (HeadLevel level : levels) {
                Arrays32.put(level.scoreGradient(), network.cotangent(DetectionHeads.logits(level.stride())));
                Arrays32.put(level.boxGradient(), network.cotangent(DetectionHeads.distances(level.stride())));
            }
            return losses;
        };
    }

    private double prior(long step) {
        return recipe.prior() == 0 ? 0 : Math.max(0, 1 - (double) step / recipe.prior());
    }

    @Override
    public boolean knows(LabeledPicture picture) {
        return true;
    }

    @Override
    public Score evaluate(Engine engine, Weights weights, int side, int threads, List<LabeledPicture> pictures)
            throws IOException {
        try (var evaluation = new DetectorEvaluation(engine, network(1, side), weights, threads)) {
            DetectionEvaluation found = evaluation.evaluate(pictures);
            return new Score("mean AP50", found.meanAp50(), found.table(), "objects");
        }
    }
}
