package sightline.operators.efficientvit;

import java.util.List;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;

/**
 * {@code SegHead}: strides 32, 16 and 8 brought to one width and to stride 8, summed, refined, classified.
 *
 * @param width channels inside the head
 * @param depth refining blocks
 * @param fused dense blocks (L series) instead of inverted bottlenecks
 * @param expand of the refining blocks
 * @param finalExpand of the last layer before the classifier; 0 for none
 * @param classes output channels
 */
record SegmentationHead(int width, int depth, boolean fused, int expand, int finalExpand, int classes) {
    /** The official heads. */
    static SegmentationHead of(Variant variant, Segmenter.Labels labels) {
        boolean city = labels == Segmenter.Labels.CITYSCAPES;
        int classes = labels.names().size();
        return switch (variant) {
            case B0 -> new SegmentationHead(32, 1, false, 4, city ? 4 : 0, classes);
            case B1 -> new SegmentationHead(64, 3, false, 4, city ? 4 : 0, classes);
            case B2 -> new SegmentationHead(96, 3, false, 4, city ? 4 : 0, classes);
            case B3 -> new SegmentationHead(128, 3, false, 4, city ? 4 : 0, classes);
            case L1 ->
                city
                        ? new SegmentationHead(256, 3, true, 1, 0, classes)
                        : new SegmentationHead(128, 3, true, 4, 8, classes);
            case L2 ->
                city
                        ? new SegmentationHead(256, 5, true, 1, 0, classes)
                        : new SegmentationHead(128, 3, true, 4, 8, classes);
            case L0, L3 ->
                throw new IllegalArgumentException("there is no segmentation head for " + variant + " upstream");
        };
    }

    /** Logits at stride 8. */
    Value write(GraphBuilder g, List<Value> stages, Style style) {
        Value far = style.normed(g.in("input_ops", 0, "op_list", 0), stages.get(4), Conv.of(width, 1));
        Value middle = style.normed(g.in("input_ops", 1, "op_list", 0), stages.get(3), Conv.of(width, 1));
        Value near = style.normed(g.in("input_ops", 2), stages.get(2), Conv.of(width, 1));
        Value x = g.add(g.add(g.upsample(far, Mode.BICUBIC, 4), g.upsample(middle, Mode.BICUBIC, 2)), near);
        for (int i = 0; i < depth; i++) {
            GraphBuilder block = g.in("middle", "op_list", i);
            x = g.add(
                    x,
                    fused
                            ? Blocks.fused(block, x, style, width, 1, expand, false)
                            : Blocks.inverted(block, x, style, width, 1, expand, false));
        }
        GraphBuilder out = g.in("output_ops", 0, "op_list");
        if (finalExpand > 0) {
            x = style.active(out.in(0), x, Conv.of(width * finalExpand, 1));
        }
        return out.in(finalExpand > 0 ? 1 : 0, "conv")
                .conv2d(x, Conv.of(classes, 1).biased());
    }
}
