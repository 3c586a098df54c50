package sightline.operators.efficientvit;

import sightline.kernels.graph.Conv;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Value;

/**
 * The convolution blocks, under the names of the official modules. Each writes into the scope {@code main} of its block;
 * a residual block of the paper is {@code x + block(x)}.
 */
final class Blocks {
    private Blocks() {}

    /** {@code DSConv}: depthwise 3x3, then 1x1 without activation. */
    static Value separable(GraphBuilder g, Value x, Style style, int out) {
        Value y = style.active(g.in("main", "depth_conv"), x, Conv.depthwise(channels(x), 3));
        return style.normed(g.in("main", "point_conv"), y, Conv.of(out, 1));
    }

    /** {@code MBConv}: 1x1 up, depthwise 3x3, 1x1 down. */
    static Value inverted(GraphBuilder g, Value x, Style style, int out, int stride, int expand, boolean fewerNorms) {
        int middle = channels(x) * expand;
        Value y = style.inner(g.in("main", "inverted_conv"), x, Conv.of(middle, 1), fewerNorms);
        y = style.inner(g.in("main", "depth_conv"), y, Conv.depthwise(middle, 3).stride(stride), fewerNorms);
        return style.normed(g.in("main", "point_conv"), y, Conv.of(out, 1));
    }

    /** {@code FusedMBConv}: dense 3x3 up, 1x1 down. */
    static Value fused(GraphBuilder g, Value x, Style style, int out, int stride, int expand, boolean fewerNorms) {
        int middle = channels(x) * expand;
        Value y =
                style.inner(g.in("main", "spatial_conv"), x, Conv.of(middle, 3).stride(stride), fewerNorms);
        return style.normed(g.in("main", "point_conv"), y, Conv.of(out, 1));
    }

    /** {@code ResBlock}: two dense 3x3. */
    static Value dense(GraphBuilder g, Value x, Style style, int stride) {
        int width = channels(x);
        Value y = style.active(g.in("main", "conv1"), x, Conv.of(width, 3).stride(stride));
        return style.normed(g.in("main", "conv2"), y, Conv.of(width, 3));
    }

    /** {@code EfficientViTBlock}: linear attention for context, an inverted bottleneck for detail, both residual. */
    static Value attention(GraphBuilder g, Value x, Style style, LiteMla context, int expand) {
        Value y = g.add(x, context.write(g.in("context_module", "main"), x, style));
        return g.add(y, inverted(g.in("local_module"), y, style, channels(y), 1, expand, true));
    }

    static int channels(Value x) {
        return Math.toIntExact(x.size(1));
    }
}
