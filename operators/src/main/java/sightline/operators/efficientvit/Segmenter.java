package sightline.operators.efficientvit;

import java.util.List;
import java.util.stream.IntStream;
import sightline.config.domain.Frame;
import sightline.config.domain.Pixels;
import sightline.config.domain.Segmentation;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Shape;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.Weights;
import sightline.operators.perception.Digests;
import sightline.operators.perception.Networks;
import sightline.operators.perception.Perceiver;

/**
 * EfficientViT-Seg on frames: a label for every cell of 8 x 8 input pixels, and the connected things among them.
 *
 * <p>Pre-processing as in the official evaluation: OpenCV's cubic resize to the input, ImageNet normalisation. The label
 * map stays at the network's stride; who wants it larger scales labels, not logits, which is enough for a page.
 */
public final class Segmenter implements Perceiver<Segmentation> {
    private static final int STRIDE = 8;
    private static final int SMALLEST_THING = 12;

    private final Networks networks;
    private final Identity identity;
    private final Labels labels;
    private final int inputHeight;
    private final int inputWidth;

    /**
     * @param inputHeight pixels, a multiple of 32
     * @param inputWidth pixels, a multiple of 32
     * @param weights must outlive this
     */
    public Segmenter(
            Engine engine,
            Variant variant,
            Labels labels,
            Weights weights,
            int inputHeight,
            int inputWidth,
            CompileOptions options) {
        if (inputHeight % 32 != 0 || inputWidth % 32 != 0 || inputHeight < 32 || inputWidth < 32) {
            throw new IllegalArgumentException(
                    "a segmenter's input is a multiple of 32 a side, not " + inputWidth + "x" + inputHeight);
        }
        this.labels = labels;
        this.inputHeight = inputHeight;
        this.inputWidth = inputWidth;
        this.networks = new Networks(
                engine,
                image -> EfficientVit.segmentation(variant, labels, image),
                weights,
                options,
                new Networks.Recipe(Resampling.CUBIC, Normalisation.IMAGENET));
        String digest = Digests.of(
                EfficientVit.segmentation(variant, labels, Shape.of(1, 3, inputHeight, inputWidth)), weights);
        this.identity = new Identity("efficientvit-seg-" + variant.label(), digest, engine.name());
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public int batch() {
        return networks.batch();
    }

    @Override
    public boolean decodes() {
        return networks.decodes();
    }

    @Override
    public List<Segmentation> perceive(List<Frame> frames) {
        Segmentation[] all = new Segmentation[frames.size()];
        networks.run(frames, this::place, (i, placement, out, slot) -> {
            int h = inputHeight / STRIDE;
            int w = inputWidth / STRIDE;
            int width = placement.sourceWidth();
            int height = placement.sourceHeight();
            byte[] map =
                    argMax(out.get(EfficientVit.LOGITS), slot, labels.names().size(), h * w);
            all[i] = new Segmentation(
                    frames.get(i).header(),
                    w,
                    h,
                    map,
                    labels.names(),
                    labels == Labels.CITYSCAPES
                            ? Instances.of(map, w, h, SMALLEST_THING, (double) width / w, (double) height / h, height)
                            : List.of(),
                    identity.digest());
        });
        return List.of(all);
    }

    private Placement place(Pixels pixels) {
        return Placement.stretch(pixels.width(), pixels.height(), inputWidth, inputHeight);
    }

    private static byte[] argMax(float[] logits, int slot, int classes, int cells) {
        int first = slot * classes * cells;
        byte[] best = new byte[cells];
        float[] value = new float[cells];
        System.arraycopy(logits, first, value, 0, cells);
        for (int c = 1; c < classes; c++) {
            for (int i = 0; i < cells; i++) {
                float v = logits[first + c * cells + i];
                if (v > value[i]) {
                    value[i] = v;
                    best[i] = (byte) c;
                }
            }
        }
        return best;
    }

    @Override
    public void close() {
        networks.close();
    }

    /** What the classes of a head are called. */
    public enum Labels {
        CITYSCAPES(List.of(
                "road",
                "sidewalk",
                "building",
                "wall",
                "fence",
                "pole",
                "traffic light",
                "traffic sign",
                "vegetation",
                "terrain",
                "sky",
                "person",
                "rider",
                "car",
                "truck",
                "bus",
                "train",
                "motorcycle",
                "bicycle")),
        ADE20K(IntStream.range(0, 150).mapToObj(i -> "class " + i).toList());

        private final List<String> names;

        Labels(List<String> names) {
            this.names = names;
        }

        public List<String> names() {
            return names;
        }
    }
}
