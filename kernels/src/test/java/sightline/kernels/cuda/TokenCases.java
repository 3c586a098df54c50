package sightline.kernels.cuda;

import java.util.List;
import java.util.stream.Stream;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;

/** What a transformer of images trains on: rows of tokens that are turned to channels of pixels and back. */
final class TokenCases {
    private static final int ROWS = 8;
    private static final int COLUMNS = 13;
    private static final int WORDS = 76;
    private static final int HEADS = 2;

    private TokenCases() {}

    static Stream<ParityCase> training() {
        return Stream.of(
                training(24, COLUMNS),
                training(136, COLUMNS),
                training(136, 12),
                attending(128),
                attentive(128, HEADS));
    }

    /** Tokens that attend to a text, most of which is masked for one of two images. */
    static ParityCase attending(int width) {
        Graph graph = crossAttention(width);
        return new ParityCase(
                "gradients of " + graph.name(),
                Gradients.of(graph, graph.outputs().keySet()));
    }

    /**
     * Products of 96 tokens and more are large ones from a width of 96 on.
     *
     * @param columns of the image that the tokens are turned to
     */
    static ParityCase training(int width, int columns) {
        Graph graph = feedForward(width, columns);
        return new ParityCase(
                "gradients of " + graph.name(),
                Gradients.of(graph, graph.outputs().keySet()));
    }

    /** A modulated layer norm, then a gated convolutional feed-forward, as Sana's blocks have it. */
    private static Graph feedForward(int width, int columns) {
        long tokens = ROWS * columns;
        GraphBuilder g = GraphBuilder.named("a gated feed-forward of width " + width + " and rows of " + columns);
        Value x = g.input("x", Shape.of(2, tokens, width));
        List<Value> m = g.chunk(g.input("modulation", Shape.of(2, 3, width)), 1, 3);
        Value normal = g.single(new Norm.LayerNorm(-1, 1e-6), x);
        Value modulated = g.add(g.mul(normal, g.add(m.get(0), 1)), m.get(1));
        Value image = g.reshape(g.permute(modulated, 0, 2, 1), 2, width, ROWS, columns);
        Value wide = g.silu(g.in("up").conv2d(image, Conv.of(2 * width, 1).biased()));
        wide = g.in("depth").conv2d(wide, Conv.depthwise(2 * width, 3).biased());
        List<Value> halves = g.chunk(wide, 1, 2);
        Value gated = g.mul(halves.get(0), g.silu(halves.get(1)));
        Value narrow = g.in("down").conv2d(gated, Conv.of(width, 1));
        Value fed = g.permute(g.reshape(narrow, 2, width, tokens), 0, 2, 1);
        Value y = g.add(x, g.mul(m.get(2), fed));
        g.output("y", g.in("head").linear(y, width - 8, true));
        return g.build();
    }

    /** Linear attention, then attention to a text, each with its residual, in nodes of their own. */
    static ParityCase attentive(int width, int heads) {
        long tokens = ROWS * COLUMNS;
        GraphBuilder g = GraphBuilder.named("attentions of width " + width);
        Value x = g.input("x", Shape.of(2, tokens, width));
        Value qkv = g.in("qkv").linear(x, 3 * width, false);
        Value y = g.add(x, g.in("own").linear(g.linearAttention(qkv, width / 32, 1e-3), width, true));
        Value kv = g.in("kv").linear(g.input("text", Shape.of(2, WORDS, width)), 2 * width, true);
        Value mask = g.input("mask", DType.BOOL, Shape.of(2, WORDS));
        Value seen = g.attention(g.in("q").linear(y, width, true), kv, mask, heads);
        g.output("y", g.add(y, g.in("proj").linear(seen, width, true)));
        Graph graph = g.build();
        return new ParityCase(
                "gradients of " + graph.name(),
                Gradients.of(graph, graph.outputs().keySet()));
    }

    private static Graph crossAttention(int width) {
        long tokens = ROWS * COLUMNS;
        GraphBuilder g = GraphBuilder.named("a cross-attention of width " + width);
        Value x = g.input("x", Shape.of(2, tokens, width));
        Value text = g.input("text", Shape.of(2, WORDS, width));
        Value q = heads(g, g.in("q").linear(x, width, true));
        List<Value> kv = g.chunk(g.in("kv").linear(text, 2 * width, true), 2, 2);
        Value scores = g.mul(g.matmul(q, false, heads(g, kv.get(0)), true), 1 / Math.sqrt(width / (double) HEADS));
        Value seen = g.softmax(scores, g.input("mask", DType.BOOL, Shape.of(2, 1, 1, WORDS)), -1);
        Value y = g.permute(g.matmul(seen, heads(g, kv.get(1))), 0, 2, 1, 3);
        g.output("y", g.add(x, g.in("proj").linear(g.reshape(y, 2, tokens, width), width, true)));
        return g.build();
    }

    private static Value heads(GraphBuilder g, Value x) {
        return g.permute(g.reshape(x, x.size(0), x.size(1), HEADS, x.size(2) / HEADS), 0, 2, 1, 3);
    }

    /** Sana's feed-forward on images of 32 x 32: pointwise, silu, depthwise, half of the channels gated by the others, pointwise. */
    static ParityCase gated(int images, int channels, int hidden, boolean biased) {
        GraphBuilder g = GraphBuilder.named("gated, " + images + " images" + (biased ? ", biased" : ""));
        Value x = g.input("x", Shape.of(images, channels, 32, 32));
        Value h = g.silu(g.in("up").conv2d(x, Conv.of(2 * hidden, 1).biased()));
        Conv depthwise = Conv.depthwise(2 * hidden, 3);
        List<Value> halves = g.chunk(g.in("depthwise").conv2d(h, biased ? depthwise.biased() : depthwise), 1, 2);
        Value gate = g.mul(halves.get(0), g.silu(halves.get(1)));
        g.output("y", g.in("down").conv2d(gate, Conv.of(channels, 1)));
        return new ParityCase(g.build().name(), Gradients.of(g.build(), List.of("y")));
    }
}
