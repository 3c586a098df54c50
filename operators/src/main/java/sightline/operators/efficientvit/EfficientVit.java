package sightline.operators.efficientvit;

import java.util.List;
import java.util.stream.Stream;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/**
 * The networks as graphs, with the official names of parameters.
 *
 * <p>Inputs are called {@code image}: float32 N x 3 x H x W, RGB normalised by ImageNet's statistics; H and W are
 * multiples of 32. Graphs carry no weights and may be shared between threads.
 */
public final class EfficientVit {
    public static final String IMAGE = "image";
    public static final String LOGITS = "logits";
    public static final String BOXES = "boxes";

    private EfficientVit() {}

    /** Outputs {@code stage0} to {@code stage4}. */
    public static Graph backbone(Variant variant, Shape image) {
        GraphBuilder g = GraphBuilder.named("efficientvit-" + variant.label());
        List<Value> stages = Backbone.write(g.in("backbone"), g.input(IMAGE, image), variant);
        for (int s = 0; s < stages.size(); s++) {
            g.output("stage" + s, stages.get(s));
        }
        return g.build();
    }

    /** Output {@code logits}, N x classes. */
    public static Graph classification(Variant variant, Shape image, int classes) {
        GraphBuilder g = GraphBuilder.named("efficientvit-cls-" + variant.label());
        List<Value> stages = Backbone.write(g.in("backbone"), g.input(IMAGE, image), variant);
        g.output(
                LOGITS,
                ClassificationHead.of(variant, classes).write(g.in("head"), stages.getLast(), Style.of(variant)));
        return g.build();
    }

    /** Output {@code logits}, N x classes x H/8 x W/8. */
    public static Graph segmentation(Variant variant, Segmenter.Labels labels, Shape image) {
        GraphBuilder g = GraphBuilder.named("efficientvit-seg-" + variant.label());
        List<Value> stages = Backbone.write(g.in("backbone"), g.input(IMAGE, image), variant);
        g.output(LOGITS, SegmentationHead.of(variant, labels).write(g.in("head"), stages, Style.of(variant)));
        return g.build();
    }

    /** The same with outputs {@code stage2} to {@code stage4} beside, for one such network to learn from another. */
    public static Graph segmentationWithStages(Variant variant, Segmenter.Labels labels, Shape image) {
        GraphBuilder g = GraphBuilder.named("efficientvit-seg-" + variant.label());
        List<Value> stages = Backbone.write(g.in("backbone"), g.input(IMAGE, image), variant);
        g.output(LOGITS, SegmentationHead.of(variant, labels).write(g.in("head"), stages, Style.of(variant)));
        for (int s = 2; s < stages.size(); s++) {
            g.output("stage" + s, stages.get(s));
        }
        return g.build();
    }

    /** Output {@code boxes}, N x boxes x 6: what {@link BoxDecoder#finding} finds in the outputs of {@link #detection}. */
    public static Graph detector(Variant variant, Shape image, BoxDecoder decoder) {
        GraphBuilder g = GraphBuilder.named("efficientvit-det-" + variant.label());
        List<Value> maps = levels(g, variant, image).stream()
                .flatMap(level -> Stream.of(level.logits(), level.distances()))
                .toList();
        g.output(BOXES, g.find(decoder.finding(), maps));
        return g.build();
    }

    /** Outputs {@code logits8}, {@code distances8}, and the same for 16 and 32: see {@link BoxDecoder}. */
    public static Graph detection(Variant variant, Shape image) {
        GraphBuilder g = GraphBuilder.named("efficientvit-det-" + variant.label());
        List<DetectionHead.Level> levels = levels(g, variant, image);
        for (int i = 0; i < levels.size(); i++) {
            g.output("logits" + DetectionHead.STRIDES[i], levels.get(i).logits());
            g.output("distances" + DetectionHead.STRIDES[i], levels.get(i).distances());
        }
        return g.build();
    }

    private static List<DetectionHead.Level> levels(GraphBuilder g, Variant variant, Shape image) {
        List<Value> stages = Backbone.write(g.in("backbone"), g.input(IMAGE, image), variant);
        return DetectionHead.of(variant).write(g.in("head"), stages, Style.of(variant));
    }
}
