package sightline.operators.sam;

import java.util.List;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/**
 * SAM's two-way transformer: tokens attend to themselves, then to the image, and the image attends back; two layers and a
 * last look at the image. The first layer's self-attention replaces the tokens; every later step adds to them.
 */
final class TwoWayTransformer {
    private static final int LAYERS = 2;
    private static final int HEADS = 8;
    private static final int MLP = 2048;

    private final GraphBuilder g;

    TwoWayTransformer(GraphBuilder g) {
        this.g = g;
    }

    /**
     * @param tokens P x T x 256
     * @param image P x N x 256
     * @param imagePosition 1 x N x 256
     * @return tokens and image afterwards
     */
    List<Value> write(Value tokens, Value image, Value imagePosition) {
        Value queries = tokens;
        Value keys = image;
        for (int layer = 0; layer < LAYERS; layer++) {
            GraphBuilder l = g.in("layers", layer);
            GraphBuilder self = l.in("self_attn");
            if (layer == 0) {
                queries = attend(self, queries, queries, queries, Sam.WIDTH);
            } else {
                Value placed = g.add(queries, tokens);
                queries = g.add(queries, attend(self, placed, placed, queries, Sam.WIDTH));
            }
            queries = l.in("norm1").layerNorm(queries, -1, Sam.EPSILON);
            Value look = attend(
                    l.in("cross_attn_token_to_image"),
                    g.add(queries, tokens),
                    g.add(keys, imagePosition),
                    keys,
                    Sam.WIDTH / 2);
            queries = l.in("norm2").layerNorm(g.add(queries, look), -1, Sam.EPSILON);
            Value hidden = g.relu(l.in("mlp", "lin1").linear(queries, MLP, true));
            queries = l.in("norm3")
                    .layerNorm(g.add(queries, l.in("mlp", "lin2").linear(hidden, Sam.WIDTH, true)), -1, Sam.EPSILON);
            Value back = attend(
                    l.in("cross_attn_image_to_token"),
                    g.add(keys, imagePosition),
                    g.add(queries, tokens),
                    queries,
                    Sam.WIDTH / 2);
            keys = l.in("norm4").layerNorm(g.add(keys, back), -1, Sam.EPSILON);
        }
        Value last = attend(
                g.in("final_attn_token_to_image"),
                g.add(queries, tokens),
                g.add(keys, imagePosition),
                keys,
                Sam.WIDTH / 2);
        return List.of(g.in("norm_final_attn").layerNorm(g.add(queries, last), -1, Sam.EPSILON), keys);
    }

    private Value attend(GraphBuilder a, Value query, Value key, Value value, int inner) {
        Value q = heads(a.in("q_proj").linear(query, inner, true));
        Value k = heads(a.in("k_proj").linear(key, inner, true));
        Value v = heads(a.in("v_proj").linear(value, inner, true));
        Value map = g.softmax(g.mul(g.matmul(q, false, k, true), 1 / Math.sqrt((double) inner / HEADS)), 3);
        Value out = g.permute(g.matmul(map, v), 0, 2, 1, 3);
        Value joined = g.reshape(out, Shape.of(out.shape().dim(0), out.shape().dim(1), Dim.of(inner)));
        return a.in("out_proj").linear(joined, Sam.WIDTH, true);
    }

    private Value heads(Value x) {
        Shape s = x.shape();
        Value split = g.reshape(x, Shape.of(s.dim(0), s.dim(1), Dim.of(HEADS), Dim.of(x.size(2) / HEADS)));
        return g.permute(split, 0, 2, 1, 3);
    }
}
