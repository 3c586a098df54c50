package sightline.operators.recipe;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Arrays32;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameters;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter.Labels;
import sightline.operators.efficientvit.Variant;
import sightline.operators.evaluate.MeanIou;
import sightline.operators.pool.LabelMap;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.Letterbox;
import sightline.operators.pool.Picture;
import sightline.operators.pool.PictureCache;
import sightline.operators.pool.PictureSource;
import sightline.operators.pool.SampleMaker;
import sightline.operators.pool.Sampler;

/** A class for every cell of 8 by 8 pixels, as a teacher has it. */
final class StreetTask implements Task<byte[]> {
    private static final int CLASSES = Labels.CITYSCAPES.names().size();
    private static final int STRIDE = 8;
    /** Where a student of its teacher's size is held to the teacher's features. */
    private static final List<String> STAGES = List.of("stage2", "stage3", "stage4");

    private final Recipe recipe;
    private final Variant variant;

    StreetTask(Recipe recipe) {
        this.recipe = recipe;
        this.variant = Variant.valueOf(recipe.variant().toUpperCase(Locale.ROOT));
    }

    @Override
    public Graph network(int batch, int side) {
        return EfficientVit.segmentation(variant, Labels.CITYSCAPES, Shape.of(batch, 3, side, side));
    }

    @Override
    public Graph trained(int batch, int side) {
        return recipe.teacher().isEmpty()
                ? network(batch, side)
                : EfficientVit.segmentationWithStages(variant, Labels.CITYSCAPES, Shape.of(batch, 3, side, side));
    }

    /** A network of the student's own size, at the student's own resolution: it can be followed stage by stage. */
    @Override
    public Graph teacher(int batch, int side) {
        return trained(batch, side);
    }

    @Override
    public void begin(Parameters parameters) {
        // Even odds for all classes are a good start.
    }

    @Override
    public Sampler<byte[]> sampler(PictureSource pictures, PictureCache cache, int side) {
        return SampleMaker.streets(pictures, cache, recipe.augmentation(), side, recipe.seed());
    }

    @Override
    public TaskLoss<byte[]> loss(NetworkGradient network) {
        Tensor cotangent = network.cotangent(EfficientVit.LOGITS);
        int batch = (int) cotangent.dim(0);
        int cells = (int) (cotangent.dim(2) * cotangent.dim(3));
        var loss = new StreetLoss(batch, CLASSES, cells);
        List<FeatureLoss> stages = recipe.teacher().isEmpty()
                ? List.of()
                : STAGES.stream()
                        .map(s -> new FeatureLoss(s, network.cotangent(s)))
                        .toList();
        return (outputs, taught, targets, step) -> {
            Arrays32.get(outputs.get(EfficientVit.LOGITS), loss.logits());
            Map<String, Double> losses = new LinkedHashMap<>(
                    taught.isEmpty()
                            ? loss.compute(targets)
                            : loss.compute(Arrays32.get(taught.get(EfficientVit.LOGITS))));
            Arrays32.put(loss.gradient(), cotangent);
            for (FeatureLoss stage : stages) {
                losses.merge("loss", stage.compute(outputs, taught, losses), Double::sum);
            }
            return losses;
        };
    }

    @Override
    public boolean knows(LabeledPicture picture) {
        return picture.teaching().street() != null;
    }

    /** A teacher that looks along needs no labels. */
    @Override
    public boolean learnsFrom(LabeledPicture picture) {
        return recipe.teacher().isPresent() || knows(picture);
    }

    @Override
    public Score evaluate(Engine engine, Weights weights, int side, int threads, List<LabeledPicture> pictures)
            throws IOException {
        var score = new MeanIou(CLASSES);
        Graph graph = network(1, side);
        CompileOptions options = CompileOptions.DEFAULT.withThreads(threads).lenient();
        try (Session session = engine.compile(graph, weights, options)) {
            Tensor input = Tensor.allocate(DType.F32, 1, 3, side, side);
            FloatBuffer pixels = FloatBuffer.allocate(3 * side * side);
            for (LabeledPicture p : pictures) {
                Picture decoded = p.decode();
                Letterbox.write(decoded, side, pixels, 0);
                Arrays32.put(pixels.array(), input);
                float[] logits = Arrays32.get(session.run(Map.of(IMAGE, input)).get(EfficientVit.LOGITS));
                compare(score, logits, p.teaching().street(), decoded, side);
            }
        }
        return new Score("agreement with the teacher", score.agreement(), table(score), "labels");
    }

    private static void compare(MeanIou score, float[] logits, LabelMap truth, Picture picture, int side) {
        int across = side / STRIDE;
        double scale = (double) side / Math.max(picture.width(), picture.height());
        List<Integer> claimed = new ArrayList<>();
        List<Integer> known = new ArrayList<>();
        for (int cell = 0; cell < across * across; cell++) {
            double x = (cell % across + 0.5) * STRIDE / (picture.width() * scale);
            double y = (cell / across + 0.5) * STRIDE / (picture.height() * scale);
            int label = truth.at(x, y);
            if (label >= 0) {
                claimed.add(StreetLoss.best(logits, CLASSES, across * across, cell));
                known.add(label);
            }
        }
        score.add(
                claimed.stream().mapToInt(i -> i).toArray(),
                known.stream().mapToInt(i -> i).toArray());
    }

    private static String table(MeanIou score) {
        if (Double.isNaN(score.agreement())) {
            return String.format("no labels%n");
        }
        var out = new StringBuilder(String.format(
                Locale.ROOT, "agreement %.3f, mean IoU %.3f against the teacher%n", score.agreement(), score.mean()));
        for (int c = 0; c < CLASSES; c++) {
            if (!Double.isNaN(score.iou(c))) {
                out.append(String.format(
                        Locale.ROOT,
                        "%-14s IoU %.3f%n",
                        Labels.CITYSCAPES.names().get(c),
                        score.iou(c)));
            }
        }
        return out.toString();
    }
}
