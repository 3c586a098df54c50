package sightline.operators.recipe;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;
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
    /**
     * A teacher sees the sample so many times as large, about the size of people that it was made for. What can be seen in
     * 256 pixels LitePose-M says as well at 384 as at 512, of large people better, and in half the time.
     */
    private static final double CLOSER = 1.5;
    /** Times that a joint's heat is averaged over 3 x 3 cells, which adds 2/3 to its variance. */
    private static final int WIDENED = 2;
    /** Height of a joint of deviation 1.36 cells over the same widened to 1.79. */
    private static final double GAIN = 1.72;
    /** A teacher's peaks below this height are nothing. */
    private static final double NOTHING = 0.1;
    /** Peaks of this height and above are joints, however sure the teacher is of them; lower ones are learned as doubtful. */
    private static final double JOINT = 0.45;
    /** Cells about a peak that are its own. */
    private static final int OWN = 9;
    /** The teacher's output beside those of the network. */
    private static final String TAGS = "tags";

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

    /**
     * A larger LitePose that sees samples at {@link #CLOSER} times their size. Its heat maps are brought to the student's
     * grids, which leaves joints narrower there than on its own, so they are widened again, and a gain gives peaks their
     * height back. Then every peak that is a joint is raised
     * to 1, as a label would have it, and what is hardly a peak is taken away: a student that is asked for a doubtful
     * teacher's heights ends below what a decoder takes.
     */
    @Override
    public Graph teacher(int batch, int side) {
        Size larger = Size.valueOf(recipe.teacher().orElseThrow().toUpperCase(Locale.ROOT));
        GraphBuilder g = GraphBuilder.named("teacher-of-" + recipe.name());
        int wide = (int) (CLOSER * side);
        Value closer = g.resize(g.input(IMAGE, Shape.of(batch, 3, side, side)), Mode.BILINEAR, wide, wide);
        Graph network = LitePose.graph(larger, Skeleton.CROWDPOSE_14, Shape.of(batch, 3, wide, wide));
        Map<Value, Value> became = g.absorb(
                network,
                (node, operands, writer) ->
                        node.op() instanceof Source.Input ? List.of(closer) : writer.apply(node.op(), operands));
        int joints = Skeleton.CROWDPOSE_14.joints().size();
        for (String name : List.of(LitePose.COARSE, LitePose.FINE)) {
            Value heat = g.slice(became.get(network.output(name)), 1, 0, joints);
            heat = smaller(g, heat);
            for (int i = 0; i < WIDENED; i++) {
                heat = g.avgPool(heat, 3, 1, 1);
            }
            heat = g.mul(heat, GAIN);
            Value peak = g.maxPool(heat, OWN, 1, OWN / 2);
            Value height = g.single(new Elementwise.Clamp(0, 1), g.mul(g.add(peak, -NOTHING), 1 / (JOINT - NOTHING)));
            Value shape = g.div(heat, g.max(peak, g.scalar(NOTHING, peak.dtype())));
            g.output(name, g.mul(shape, height));
        }
        Value tags = g.slice(became.get(network.output(LitePose.COARSE)), 1, joints, 2L * joints);
        g.output(TAGS, smaller(g, tags));
        return g.build();
    }

    /** Maps of what was seen closer, on the student's grid. */
    private static Value smaller(GraphBuilder g, Value maps) {
        return g.resize(maps, Mode.BILINEAR, (long) (maps.size(2) / CLOSER), (long) (maps.size(3) / CLOSER));
    }

    /** Heat maps are nearly empty. */
    @Override
    public void begin(Parameters parameters) {
        Task.startQuiet(parameters, name -> name.startsWith("final_") && name.endsWith("conv.3.weight"));
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
        float[] coarseHeat = new float[loss.coarse().values().length / 2];
        float[] fineHeat = new float[loss.fine().values().length];
        float[] tags = new float[coarseHeat.length];
        var people = new TaughtPeople(Skeleton.CROWDPOSE_14, 4 * (int) coarse.dim(2));
        return (outputs, taught, targets, step) -> {
            Arrays32.get(outputs.get(LitePose.COARSE), loss.coarse().values());
            Arrays32.get(outputs.get(LitePose.FINE), loss.fine().values());
            Map<String, Double> losses;
            if (taught.isEmpty()) {
                losses = loss.compute(targets);
            } else {
                Arrays32.get(taught.get(LitePose.COARSE), coarseHeat);
                Arrays32.get(taught.get(LitePose.FINE), fineHeat);
                Arrays32.get(taught.get(TAGS), tags);
                List<PoseTarget> seen = people.join(targets, coarseHeat, fineHeat, tags);
                losses = loss.compute(seen, coarseHeat, fineHeat, tags);
            }
            Arrays32.put(loss.coarse().gradient(), coarse);
            Arrays32.put(loss.fine().gradient(), fine);
            return losses;
        };
    }

    @Override
    public boolean knows(LabeledPicture picture) {
        return picture.teaching().looked();
    }

    /** A teacher that looks along needs no labels. */
    @Override
    public boolean learnsFrom(LabeledPicture picture) {
        return recipe.teacher().isPresent() || knows(picture);
    }

    @Override
    public Score evaluate(Engine engine, Weights weights, int side, int threads, List<LabeledPicture> pictures)
            throws IOException {
        return PoserEvaluation.against(engine, size, weights, side, threads, pictures);
    }
}
