package sightline.operators.pool;

import java.util.List;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter.Labels;
import sightline.operators.efficientvit.Variant;
import sightline.operators.perception.Networks;

/** Street classes by an EfficientViT-Seg at 768 pixels, unsure where its probability is below one half. */
public final class StreetTeacher implements DenseTeacher {
    private static final int LONGER = 768;
    private static final int STRIDE = 8;
    private static final double SURE = 0.5;

    private final Networks networks;
    private final Variant variant;

    /**
     * @param weights must outlive this
     */
    public StreetTeacher(Engine engine, Variant variant, Weights weights, CompileOptions options) {
        this.variant = variant;
        this.networks = new Networks(
                engine,
                image -> EfficientVit.segmentation(variant, Labels.CITYSCAPES, image),
                weights,
                options,
                new Networks.Recipe(Resampling.CUBIC, Normalisation.IMAGENET));
    }

    @Override
    public String name() {
        return "efficientvit-seg-" + variant.label();
    }

    @Override
    public Teaching teach(Picture picture, Teaching known) {
        Picture padded = Aspect.pad(picture);
        double scale = (double) LONGER / Math.max(padded.width(), padded.height());
        int w = (int) Math.round(padded.width() * scale / 32) * 32;
        int h = (int) Math.round(padded.height() * scale / 32) * 32;
        float[] logits = networks.bucket(1, h, w)
                .run(List.of(StillFrame.of(padded)), List.of(Placement.stretch(padded.width(), padded.height(), w, h)))
                .get(EfficientVit.LOGITS);
        int across = w / STRIDE;
        int down = h / STRIDE;
        int width = Math.max(1, Math.round((float) across * picture.width() / padded.width()));
        int height = Math.max(1, Math.round((float) down * picture.height() / padded.height()));
        byte[] cells = new byte[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                cells[y * width + x] = label(logits, across * down, y * across + x);
            }
        }
        return known.withStreet(new LabelMap(width, height, cells));
    }

    private static byte label(float[] logits, int plane, int cell) {
        int classes = logits.length / plane;
        int best = 0;
        for (int c = 1; c < classes; c++) {
            best = logits[c * plane + cell] > logits[best * plane + cell] ? c : best;
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Math.exp(logits[c * plane + cell] - logits[best * plane + cell]);
        }
        return 1 / sum >= SURE ? (byte) best : LabelMap.UNSURE;
    }

    @Override
    public void close() {
        networks.close();
    }
}
