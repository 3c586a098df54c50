package sightline.operators.efficientvit;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.ObjectClass;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;

/**
 * The detection head of this project: a light feature pyramid down and up over strides 8, 16 and 32, then two towers a
 * level, one for classes and one for boxes, without anchors. Depthwise 5x5 kernels give the towers reach at little cost.
 *
 * <p>Source: ours. EfficientViT's paper reports a detector in its first version, but neither its code nor its weights
 * were released; FCOS (Tian et al. 2019) is where box distances come from, PAN (Liu et al. 2018) where the second, upward
 * path comes from.
 *
 * @param width channels of the pyramid
 * @param towers blocks of a tower
 */
public record DetectionHead(int width, int towers) {
    /** Input pixels a cell, level by level. */
    static final int[] STRIDES = {8, 16, 32};

    static DetectionHead of(Variant variant) {
        return switch (variant) {
            case B0 -> new DetectionHead(64, 2);
            case B1 -> new DetectionHead(96, 2);
            case B2, B3 -> new DetectionHead(128, 2);
            case L0, L1, L2, L3 -> new DetectionHead(256, 3);
        };
    }

    /**
     * What one level gives.
     *
     * @param logits N x classes x h x w
     * @param distances N x 4 x h x w, see {@link BoxDecoder}
     */
    record Level(Value logits, Value distances) {}

    List<Level> write(GraphBuilder g, List<Value> stages, Style style) {
        Value[] in = new Value[3];
        for (int level = 0; level < 3; level++) {
            in[level] = style.normed(g.in("lateral", level), stages.get(level + 2), Conv.of(width, 1));
        }
        Value middle = mix(g.in("down", 1), g.add(in[1], g.upsample(in[2], Mode.NEAREST, 2)), style);
        Value fine = mix(g.in("down", 0), g.add(in[0], g.upsample(middle, Mode.NEAREST, 2)), style);
        Value upMiddle = mix(g.in("up", 1), g.add(middle, shrink(g.in("shrink", 0), fine, style)), style);
        Value coarse = mix(g.in("up", 2), g.add(in[2], shrink(g.in("shrink", 1), upMiddle, style)), style);
        Value[] pyramid = {fine, upMiddle, coarse};
        List<Level> levels = new ArrayList<>();
        for (int level = 0; level < 3; level++) {
            Value classes = pyramid[level];
            Value boxes = pyramid[level];
            for (int i = 0; i < towers; i++) {
                classes = mix(g.in("class_tower", level, i), classes, style);
                boxes = mix(g.in("box_tower", level, i), boxes, style);
            }
            levels.add(new Level(
                    g.in("class_out", level)
                            .conv2d(
                                    classes,
                                    Conv.of(ObjectClass.values().length, 1).biased()),
                    g.in("box_out", level).conv2d(boxes, Conv.of(4, 1).biased())));
        }
        return levels;
    }

    /** Depthwise 5x5 for reach, 1x1 to mix, both active. */
    private Value mix(GraphBuilder g, Value x, Style style) {
        Value y = style.active(g.in("depth"), x, Conv.depthwise(width, 5));
        return style.active(g.in("point"), y, Conv.of(width, 1));
    }

    private Value shrink(GraphBuilder g, Value x, Style style) {
        return style.normed(g, x, Conv.depthwise(width, 3).stride(2));
    }
}
