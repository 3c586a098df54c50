package sightline.operators.recipe;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Arrays32;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameters;
import sightline.kernels.weights.Weights;
import sightline.operators.litepose.LitePose;
import sightline.operators.litepose.Size;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.PictureCache;
import sightline.operators.pool.PictureSource;
import sightline.operators.pool.PoseTarget;
import sightline.operators.pool.SampleMaker;
import sightline.operators.pool.Sampler;

/** Joints of people and which belong together, as a teacher has them. */
final class PoseTask implements Task<PoseTarget> {
    /** Heads start near zero: heat maps are nearly empty. */
    private static final float HEAD_START = 0.1f;

    private final Recipe recipe;
    private final Size size;

    PoseTask(Recipe recipe) {
        this.recipe = recipe;
        this.size = Size.valueOf(recipe.variant().toUpperCase(Locale.ROOT));
    }

    @Override
    public Graph network(int batch, int side) {
        return LitePose.graph(size, Skeleton.CROWDPOSE_14, Shape.of(batch, 3, side, side));
    }

    @Override
    public void begin(Parameters parameters) {
        parameters.list().forEach(p -> {
            if (p.name().startsWith("final_") && p.name().endsWith("conv.3.weight")) {
                for (int i = 0; i < p.values().length; i++) {
                    p.values()[i] *= HEAD_START;
                }
            }
        });
    }

    @Override
    public Sampler<PoseTarget> sampler(PictureSource pictures, PictureCache cache, int side) {
        return SampleMaker.poses(pictures, cache, recipe.augmentation(), side, recipe.seed());
    }

    @Override
    public TaskLoss<PoseTarget> loss(NetworkGradient network) {
        Tensor coarse = network.cotangent(LitePose.COARSE);
        Tensor fine = network.cotangent(LitePose.FINE);
        var loss = new PoseLoss((int) coarse.dim(0), (int) fine.dim(1), (int) coarse.dim(2), (int) fine.dim(2));
        return (outputs, targets, step) -> {
            Arrays32.get(outputs.get(LitePose.COARSE), loss.coarse().values());
            Arrays32.get(outputs.get(LitePose.FINE), loss.fine().values());
            Map<String, Double> losses = loss.compute(targets);
            Arrays32.put(loss.coarse().gradient(), coarse);
            Arrays32.put(loss.fine().gradient(), fine);
            return losses;
        };
    }

    @Override
    public boolean knows(LabeledPicture picture) {
        return picture.teaching().looked();
    }

    @Override
    public Score evaluate(Engine engine, Weights weights, int side, int threads, List<LabeledPicture> pictures)
            throws IOException {
        return PoserEvaluation.against(engine, size, weights, side, threads, pictures);
    }
}
