package sightline.kernels.openness;

import java.util.List;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;

/**
 * Sana's linear diffusion transformer (Xie et al., 2024) as a graph: ReLU linear attention, cross-attention to a masked
 * text, a gated convolutional feed-forward, one shared modulation with a table a block.
 *
 * @param depth blocks
 * @param width hidden dimension D
 * @param heads heads of the cross-attention
 * @param grid side of the latent image for which the unused position table was stored
 */
public record LinearTransformer(int depth, int width, int heads, int textWidth, int textLength, int grid) {
    private static final int CHANNELS = 32;
    private static final int HEAD = 32;

    static LinearTransformer sana600m() {
        return new LinearTransformer(28, 1152, 16, 2304, 300, 32);
    }

    static LinearTransformer sana1600m() {
        return new LinearTransformer(20, 2240, 20, 2304, 300, 32);
    }

    /** Inputs: latent image, timestep, text states and the text's mask. */
    public Graph graph(long batch, long height, long columns) {
        GraphBuilder g = GraphBuilder.named("sana");
        Value image = g.input("latent", Shape.of(batch, CHANNELS, height, columns));
        Value time = g.input("time", Shape.of(batch));
        Value text = g.input("text", Shape.of(batch, textLength, textWidth));
        Value mask = g.input("mask", DType.BOOL, Shape.of(batch, 1, 1, textLength));
        g.buffer("pos_embed", DType.F32, 1, (long) grid * grid, width);
        g.in("y_embedder").buffer("y_embedding", DType.F32, textLength, textWidth);

        Value x = g.in("x_embedder", "proj").conv2d(image, Conv.of(width, 1).biased());
        x = g.transpose(g.reshape(x, batch, width, height * columns), 1, 2);
        Value t = embedded(g, time);
        Value shared = g.in("t_block", 1).linear(g.silu(t), 6 * width, true);
        Value y = g.in("y_embedder", "y_proj", "fc1").linear(text, width, true);
        y = g.in("y_embedder", "y_proj", "fc2").linear(g.geluTanh(y), width, true);
        Value shown = g.reshape(mask, batch, textLength);
        y = g.in("attention_y_norm").rmsNorm(y, -1, 1e-5, false);
        for (int i = 0; i < depth; i++) {
            x = block(g.in("blocks", i), x, shared, y, shown, height, columns);
        }
        GraphBuilder last = g.in("final_layer");
        Value table = g.add(last.parameter("scale_shift_table", 2, width), g.reshape(t, batch, 1, width));
        List<Value> m = g.chunk(table, 1, 2);
        Value out = last.in("linear").linear(modulated(g, x, m.get(0), m.get(1)), CHANNELS, true);
        g.output("velocity", g.reshape(g.transpose(out, 1, 2), batch, CHANNELS, height, columns));
        return g.build();
    }

    /** Sinusoids [cos | sin] of 128 frequencies, then a two-layer perceptron. */
    private Value embedded(GraphBuilder g, Value time) {
        Value range = g.single(new Source.Range(Dim.of(128), DType.F32));
        Value frequencies = g.exp(g.mul(range, -Math.log(10_000) / 128));
        Value angles = g.mul(g.reshape(time, time.size(0), 1), frequencies);
        Value sinusoids = g.concat(1, g.cos(angles), g.sin(angles));
        Value hidden = g.in("t_embedder", "mlp", 0).linear(sinusoids, width, true);
        return g.in("t_embedder", "mlp", 2).linear(g.silu(hidden), width, true);
    }

    private static Value modulated(GraphBuilder g, Value x, Value shift, Value scale) {
        Value normed = g.single(new Norm.LayerNorm(-1, 1e-6), x);
        return g.add(g.mul(normed, g.add(scale, 1)), shift);
    }

    private Value block(GraphBuilder g, Value x, Value shared, Value text, Value mask, long height, long columns) {
        long batch = x.size(0);
        Value table = g.add(g.parameter("scale_shift_table", 6, width), g.reshape(shared, batch, 6, width));
        List<Value> m = g.chunk(table, 1, 6);
        Value attended = linearAttention(g.in("attn"), modulated(g, x, m.get(0), m.get(1)));
        Value y = g.add(x, g.mul(m.get(2), attended));
        y = g.add(y, crossAttention(g.in("cross_attn"), y, text, mask));
        Value image = g.reshape(g.transpose(modulated(g, y, m.get(3), m.get(4)), 1, 2), batch, width, height, columns);
        Value fed = g.transpose(g.reshape(feedForward(g.in("mlp"), image), batch, width, height * columns), 1, 2);
        return g.add(y, g.mul(m.get(5), fed));
    }

    private Value linearAttention(GraphBuilder g, Value x) {
        Value qkv = g.in("qkv").linear(x, 3 * width, false);
        return g.in("proj").linear(g.linearAttention(qkv, width / HEAD, 1e-8), width, true);
    }

    private Value crossAttention(GraphBuilder g, Value x, Value text, Value mask) {
        Value q = g.in("q_linear").linear(x, width, true);
        Value kv = g.in("kv_linear").linear(text, 2 * width, true);
        return g.in("proj").linear(g.attention(q, kv, mask, heads), width, true);
    }

    private Value feedForward(GraphBuilder g, Value x) {
        int hidden = width * 5 / 2;
        Value h = g.silu(
                g.in("inverted_conv", "conv").conv2d(x, Conv.of(2 * hidden, 1).biased()));
        h = g.in("depth_conv", "conv").conv2d(h, Conv.depthwise(2 * hidden, 3).biased());
        List<Value> halves = g.chunk(h, 1, 2);
        Value y = g.mul(halves.get(0), g.silu(halves.get(1)));
        return g.in("point_conv", "conv").conv2d(y, Conv.of(width, 1));
    }
}
