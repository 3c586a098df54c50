package sightline.operators.efficientvit;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/**
 * Multi-scale linear attention (ICCV 2023, section 3.1): ReLU feature maps make softmax's exponential a product, so that
 * keys and values meet first, in a matrix of one head's width, and cost grows with the pixels and not with their square.
 *
 * <p>Channels of {@code qkv} are laid out head by head as [q | k | v], and the aggregated scales follow as further heads.
 * Where a picture has no more pixels than a head has channels the official code computes the same by the quadratic way;
 * this does too, because the rounding differs.
 *
 * @param headDim channels of a head
 * @param scales kernel sizes of the depthwise aggregation, none for single-scale attention
 */
record LiteMla(int headDim, List<Integer> scales) {
    private static final double EPSILON = 1e-15;

    static LiteMla of(int headDim, Integer... scales) {
        return new LiteMla(headDim, List.of(scales));
    }

    /** Writes the attention without its residual connection. */
    Value write(GraphBuilder g, Value x, Style style) {
        int heads = Blocks.channels(x) / headDim;
        int total = heads * headDim;
        Value qkv = g.in("qkv", "conv").conv2d(x, Conv.of(3 * total, 1));
        List<Value> multiScale = new ArrayList<>(List.of(qkv));
        for (int s = 0; s < scales.size(); s++) {
            GraphBuilder aggregation = g.in("aggreg", s);
            Value near = aggregation.in(0).conv2d(qkv, Conv.depthwise(3 * total, scales.get(s)));
            multiScale.add(aggregation.in(1).conv2d(near, Conv.of(3 * total, 1).groups(3 * heads)));
        }
        int allHeads = heads * multiScale.size();
        Value attended = attend(g, g.concat(1, multiScale), allHeads);
        return style.normed(g.in("proj"), attended, Conv.of(Blocks.channels(x), 1));
    }

    private Value attend(GraphBuilder g, Value qkv, int heads) {
        Shape image = qkv.shape();
        Dim pixels = image.dim(2).times(image.dim(3));
        Value tokens = g.reshape(qkv, Shape.of(image.dim(0), Dim.of(heads), Dim.of(3L * headDim), pixels));
        List<Value> parts = g.chunk(tokens, 2, 3);
        Value q = g.relu(parts.get(0));
        Value k = g.relu(parts.get(1));
        Value v = parts.get(2);
        boolean fewPixels = pixels.isKnown() && pixels.length() <= headDim;
        Value out = fewPixels ? quadratic(g, q, k, v) : linear(g, q, k, v);
        return g.reshape(out, Shape.of(image.dim(0), Dim.of((long) heads * headDim), image.dim(2), image.dim(3)));
    }

    /** {@code (v kT) q / ((1 kT) q)}: the row of ones that the official code appends to v, kept apart. */
    private static Value linear(GraphBuilder g, Value q, Value k, Value v) {
        Value state = g.matmul(v, false, k, true);
        Value mass = g.sum(k, 3);
        Value weight = g.add(g.matmul(mass, true, q, false), EPSILON);
        return g.div(g.matmul(state, q), weight);
    }

    /** {@code v (kT q / column sums)}. */
    private static Value quadratic(GraphBuilder g, Value q, Value k, Value v) {
        Value map = g.matmul(k, true, q, false);
        return g.matmul(v, g.div(map, g.add(g.sum(map, 2), EPSILON)));
    }
}
