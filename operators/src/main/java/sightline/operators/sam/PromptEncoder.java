package sightline.operators.sam;

import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;

/**
 * Prompts to tokens. Points and box corners arrive as coordinates in the 1024 frame with a kind each, so that one graph
 * serves every mix of prompts: kinds 0 and 1 are background and foreground points, 2 and 3 the corners of a box, and 4
 * pads (the official code's label -1).
 */
final class PromptEncoder {
    static final int KINDS = 5;

    private PromptEncoder() {}

    /**
     * @param coordinates P x T x 2, x then y, pixels of the 1024 frame
     * @param kinds P x T x KINDS, one-hot
     * @return P x T x 256
     */
    static Value sparse(GraphBuilder g, Value coordinates, Value kinds) {
        GraphBuilder e = g.in("prompt_encoder");
        Value unit = g.add(g.mul(g.add(coordinates, 0.5), 2.0 / Sam.PROMPT_FRAME), -1);
        Value position = position(e, unit);
        Value[] rows = new Value[KINDS];
        for (int k = 0; k < 4; k++) {
            rows[k] = e.in("point_embeddings", k).parameter("weight", 1, Sam.WIDTH);
        }
        rows[4] = e.in("not_a_point_embed").parameter("weight", 1, Sam.WIDTH);
        Value table = g.concat(0, rows);
        // A padding token has no place: its position is masked out.
        Value real = g.add(g.neg(g.slice(kinds, 2, 4, 5)), 1);
        return g.add(g.mul(position, real), g.matmul(kinds, table));
    }

    /** Position of every cell of the grid, 1 x 256 x grid x grid, as a constant computation over the stored matrix. */
    static Value grid(GraphBuilder g, int grid) {
        Value along = g.add(g.mul(g.add(g.single(new Source.Range(Dim.of(grid), DType.F32)), 0.5), 2.0 / grid), -1);
        Value x = g.expand(g.reshape(along, 1, grid, 1), Shape.of(grid, grid, 1));
        Value y = g.expand(g.reshape(along, grid, 1, 1), Shape.of(grid, grid, 1));
        Value position = position(g.in("prompt_encoder"), g.concat(2, x, y));
        return g.reshape(g.permute(position, 2, 0, 1), 1, Sam.WIDTH, grid, grid);
    }

    /** Random Fourier features (Tancik et al. 2020). */
    private static Value position(GraphBuilder e, Value unit) {
        Value matrix = e.in("pe_layer").buffer("positional_encoding_gaussian_matrix", DType.F32, 2, Sam.WIDTH / 2);
        Value angle = e.mul(e.matmul(unit, matrix), 2 * Math.PI);
        return e.concat(-1 + unit.shape().rank(), e.sin(angle), e.cos(angle));
    }

    /** Without a mask prompt: one learned vector everywhere. */
    static Value noMask(GraphBuilder g, int grid) {
        Value vector = g.in("prompt_encoder", "no_mask_embed").parameter("weight", 1, Sam.WIDTH);
        return g.expand(g.reshape(vector, 1, Sam.WIDTH, 1, 1), Shape.of(1, Sam.WIDTH, grid, grid));
    }

    /** A mask prompt of P x 1 x 4 grid x 4 grid logits. */
    static Value mask(GraphBuilder g, Value mask) {
        GraphBuilder d = g.in("prompt_encoder", "mask_downscaling");
        Value x = d.in(0).conv2d(mask, new Conv(4, 2, 2, 0, 1, 1, true));
        x = g.geluErf(d.in(1).layerNorm(x, 1, Sam.EPSILON));
        x = d.in(3).conv2d(x, new Conv(16, 2, 2, 0, 1, 1, true));
        x = g.geluErf(d.in(4).layerNorm(x, 1, Sam.EPSILON));
        return d.in(6).conv2d(x, Conv.of(Sam.WIDTH, 1).biased());
    }
}
