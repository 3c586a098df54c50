package sightline.pipeline.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sightline.config.domain.Skeleton;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter.Labels;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.LitePose;
import sightline.operators.litepose.Size;
import sightline.operators.recipe.ShippedWeights;
import sightline.operators.sam.ImageEncoder;
import sightline.operators.sam.MaskDecoder;
import sightline.operators.sam.Sam;

/** Every network that can be built, by name. */
public final class Catalogue {
    private static final String UPSTREAM_EFFICIENTVIT = "official: mit-han-lab/efficientvit (Apache-2.0 code)";
    private static final String UPSTREAM_LITEPOSE = "official: mit-han-lab/litepose (MIT)";
    private static final String OURS = "ships, trained by this project";
    private static final String NONE = "none yet: train it";

    private Catalogue() {}

    /**
     * One variant.
     *
     * @param name as on the command line
     * @param graph for an input of N x 3 x H x W
     * @param height of the usual input, pixels
     * @param width of the usual input, pixels
     * @param weights where they come from; those that ship say so, and whether their use is restricted
     */
    public record Entry(
            String name, java.util.function.Function<Shape, Graph> graph, int height, int width, String weights) {
        public Entry {
            weights = ShippedWeights.card(name)
                    .map(card -> card.restricted() ? OURS + "; restricted, see its card" : OURS)
                    .orElse(weights);
        }

        /** The graph at its usual size. */
        public Graph usual() {
            return graph.apply(Shape.of(1, 3, height, width));
        }
    }

    /** All of them, family by family. */
    public static List<Entry> all() {
        List<Entry> all = new ArrayList<>();
        for (Variant v : Variant.values()) {
            all.add(new Entry("efficientvit-det-" + v.label(), s -> EfficientVit.detection(v, s), 416, 416, NONE));
        }
        for (Variant v : Variant.values()) {
            if (v != Variant.L0) {
                all.add(new Entry(
                        "efficientvit-cls-" + v.label(),
                        s -> EfficientVit.classification(v, s, 1000),
                        224,
                        224,
                        UPSTREAM_EFFICIENTVIT));
            }
        }
        for (Variant v : Variant.values()) {
            if (v != Variant.L0 && v != Variant.L3) {
                all.add(segmentation(v, Labels.CITYSCAPES, 1024, 2048));
                if (v != Variant.B0) {
                    all.add(segmentation(v, Labels.ADE20K, 512, 512));
                }
            }
        }
        all.add(new Entry(
                "efficientvit-seg-b0-street",
                s -> EfficientVit.segmentation(Variant.B0, Labels.CITYSCAPES, s),
                768,
                768,
                OURS));
        for (Sam s : Sam.values()) {
            String name = "efficientvit-sam-" + s.name().toLowerCase(Locale.ROOT);
            all.add(new Entry(
                    name + "-encoder",
                    image -> ImageEncoder.graph(s, image, 64),
                    s.input(),
                    s.input(),
                    UPSTREAM_EFFICIENTVIT));
            all.add(new Entry(
                    name + "-decoder", image -> MaskDecoder.graph(s, 64, 1, 2, false), 0, 0, UPSTREAM_EFFICIENTVIT));
        }
        for (Size s : Size.values()) {
            all.add(new Entry(
                    "litepose-" + s.name().toLowerCase(Locale.ROOT),
                    image -> LitePose.graph(s, Skeleton.CROWDPOSE_14, image),
                    s.input(),
                    s.input(),
                    UPSTREAM_LITEPOSE));
        }
        return all;
    }

    private static Entry segmentation(Variant v, Labels labels, int height, int width) {
        String suffix = labels == Labels.CITYSCAPES ? "" : "-ade20k";
        return new Entry(
                "efficientvit-seg-" + v.label() + suffix,
                s -> EfficientVit.segmentation(v, labels, s),
                height,
                width,
                UPSTREAM_EFFICIENTVIT);
    }

    public static Optional<Entry> find(String name) {
        return all().stream().filter(e -> e.name().equals(name)).findFirst();
    }
}
