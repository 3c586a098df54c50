package sightline.operators.efficientvit;

import sightline.kernels.graph.Conv;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Value;

/**
 * {@code ClsHead}: 1x1, pool, two linear layers.
 *
 * @param first channels before pooling
 * @param second features before the classifier
 * @param classes logits
 */
record ClassificationHead(int first, int second, int classes) {
    static ClassificationHead of(Variant variant, int classes) {
        return switch (variant) {
            case B0 -> new ClassificationHead(1024, 1280, classes);
            case B1 -> new ClassificationHead(1536, 1600, classes);
            case B2, B3 -> new ClassificationHead(2304, 2560, classes);
            case L0, L1, L2 -> new ClassificationHead(3072, 3200, classes);
            case L3 -> new ClassificationHead(6144, 6400, classes);
        };
    }

    Value write(GraphBuilder g, Value last, Style style) {
        GraphBuilder ops = g.in("op_list");
        Value x = g.globalAvgPool(style.active(ops.in(0), last, Conv.of(first, 1)));
        x = g.reshape(x, sightline.kernels.graph.Shape.of(x.shape().dim(0), sightline.kernels.graph.Dim.of(first)));
        x = ops.in(2, "linear").linear(x, second, false);
        x = g.unary(style.activation(), ops.in(2, "norm").layerNorm(x, -1, style.epsilon()));
        return ops.in(3, "linear").linear(x, classes, true);
    }
}
