package sightline.operators.recipe;

import java.nio.FloatBuffer;
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
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter.Labels;
import sightline.operators.efficientvit.Variant;
import sightline.operators.evaluate.MeanIou;
import sightline.operators.pool.Letterbox;
import sightline.operators.pool.Picture;

/**
 * How far a street segmenter agrees with its teacher where both see the same input: over all cells of 8 by 8 pixels that
 * show the picture, and over those of which the teacher is at least half sure. Beside it, how far the teacher agrees with
 * itself when it is shown the mirror image: whoever agrees more has learned the teacher's chance. One thread at a time.
 */
public final class StreetAgreement implements AutoCloseable {
    private static final int CLASSES = Labels.CITYSCAPES.names().size();
    private static final int STRIDE = 8;
    private static final double SURE = 0.5;

    private final Session student;
    private final Session teacher;
    private final Tensor input;
    private final FloatBuffer pixels;
    private final int side;
    private final MeanIou all = new MeanIou(CLASSES);
    private final MeanIou sure = new MeanIou(CLASSES);
    private final MeanIou mirrored = new MeanIou(CLASSES);
    private final MeanIou mirroredSure = new MeanIou(CLASSES);

    /**
     * @param side of the square input, pixels
     */
    public StreetAgreement(Engine engine, Weights studentWeights, Weights teacherWeights, int side, int threads) {
        Graph graph = EfficientVit.segmentation(Variant.B0, Labels.CITYSCAPES, Shape.of(1, 3, side, side));
        CompileOptions options = CompileOptions.DEFAULT.withThreads(threads).lenient();
        this.student = engine.compile(graph, studentWeights, options);
        this.teacher = engine.compile(graph, teacherWeights, options);
        this.input = Tensor.allocate(DType.F32, 1, 3, side, side);
        this.pixels = FloatBuffer.allocate(3 * side * side);
        this.side = side;
    }

    /** Shows both a picture. */
    public void add(Picture picture) {
        show(picture);
        float[] own = logits(student);
        float[] wanted = logits(teacher);
        show(picture.mirrored());
        float[] reflected = logits(teacher);
        int across = side / STRIDE;
        int cells = across * across;
        double scale = (double) side / Math.max(picture.width(), picture.height()) / STRIDE;
        int width = (int) (picture.width() * scale);
        int height = (int) (picture.height() * scale);
        int[] claimed = new int[width * height];
        int[] truth = new int[width * height];
        int[] certain = new int[width * height];
        int[] back = new int[width * height];
        for (int i = 0; i < claimed.length; i++) {
            int cell = i / width * across + i % width;
            claimed[i] = StreetLoss.best(own, CLASSES, cells, cell);
            back[i] = StreetLoss.best(reflected, CLASSES, cells, i / width * across + width - 1 - i % width);
            truth[i] = StreetLoss.best(wanted, CLASSES, cells, cell);
            certain[i] = probability(wanted, cells, cell, truth[i]) >= SURE ? truth[i] : -1;
        }
        all.add(claimed, truth);
        sure.add(claimed, certain);
        mirrored.add(back, truth);
        mirroredSure.add(back, certain);
    }

    private void show(Picture picture) {
        Letterbox.write(picture, side, pixels, 0);
        Arrays32.put(pixels.array(), input);
    }

    private float[] logits(Session session) {
        return Arrays32.get(session.run(Map.of(EfficientVit.IMAGE, input)).get(EfficientVit.LOGITS));
    }

    private static double probability(float[] logits, int cells, int cell, int label) {
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
            sum += Math.exp(logits[c * cells + cell] - logits[label * cells + cell]);
        }
        return 1 / sum;
    }

    /** Share of cells where both say the same. */
    public double agreement() {
        return all.agreement();
    }

    /** For people to read. */
    public String table() {
        if (Double.isNaN(all.agreement())) {
            return String.format("no pictures%n");
        }
        var out = new StringBuilder(String.format(
                Locale.ROOT,
                "agreement %.3f over all cells, %s where the teacher is half sure; mean IoU %.3f%n"
                        + "the teacher and its mirror image: %.3f, %s%n",
                all.agreement(),
                where(sure),
                all.mean(),
                mirrored.agreement(),
                where(mirroredSure)));
        for (int c = 0; c < CLASSES; c++) {
            if (!Double.isNaN(all.iou(c))) {
                out.append(String.format(
                        Locale.ROOT,
                        "%-14s IoU %.3f%n",
                        Labels.CITYSCAPES.names().get(c),
                        all.iou(c)));
            }
        }
        return out.toString();
    }

    /** A teacher need not be sure anywhere. */
    private static String where(MeanIou sure) {
        return Double.isNaN(sure.agreement()) ? "none" : String.format(Locale.ROOT, "%.3f", sure.agreement());
    }

    @Override
    public void close() {
        student.close();
        teacher.close();
    }
}
