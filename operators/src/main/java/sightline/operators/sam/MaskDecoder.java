package sightline.operators.sam;

import java.util.List;
import java.util.Locale;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/**
 * Prompt encoder and mask decoder in one graph, so that a prompt costs one session call.
 *
 * <p>Inputs: {@code embedding} 1 x 256 x grid x grid; {@code coordinates} P x T x 2 in the 1024 frame; {@code kinds}
 * P x T x 5, one-hot; with a mask prompt also {@code mask} P x 1 x 4 grid x 4 grid. Outputs: {@code masks}
 * P x 4 x 4 grid x 4 grid logits and {@code quality} P x 4 predicted intersections over union. Mask 0 is the answer to an
 * unambiguous prompt, 1 to 3 are whole, part and subpart.
 */
public final class MaskDecoder {
    private static final int MASKS = 4;

    private MaskDecoder() {}

    public static Graph graph(Sam sam, int grid, int prompts, int tokens, boolean maskPrompt) {
        GraphBuilder g = GraphBuilder.named("efficientvit-sam-" + sam.name().toLowerCase(Locale.ROOT) + "-decoder");
        write(g, g.input("embedding", Shape.of(1, Sam.WIDTH, grid, grid)), grid, prompts, tokens, maskPrompt);
        return g.build();
    }

    static void write(GraphBuilder g, Value embedding, int grid, int prompts, int tokens, boolean maskPrompt) {
        Value coordinates = g.input("coordinates", Shape.of(prompts, tokens, 2));
        Value kinds = g.input("kinds", Shape.of(prompts, tokens, PromptEncoder.KINDS));
        Value sparse = PromptEncoder.sparse(g, coordinates, kinds);
        // Both are declared whichever is used, so that every checkpoint loads without surplus.
        Value noMask = PromptEncoder.noMask(g, grid);
        Value dense = maskPrompt
                ? PromptEncoder.mask(g, g.input("mask", Shape.of(prompts, 1, 4L * grid, 4L * grid)))
                : noMask;
        if (!maskPrompt) {
            PromptEncoder.mask(g, g.fill(0, embedding.dtype(), Shape.of(1, 1, 4L * grid, 4L * grid)));
        }
        GraphBuilder d = g.in("mask_decoder");
        Value own = g.concat(
                0,
                d.in("iou_token").parameter("weight", 1, Sam.WIDTH),
                d.in("mask_tokens").parameter("weight", MASKS, Sam.WIDTH));
        Value all = g.concat(
                1, g.expand(g.reshape(own, 1, 1 + MASKS, Sam.WIDTH), Shape.of(prompts, 1 + MASKS, Sam.WIDTH)), sparse);
        long cells = (long) grid * grid;
        Value picture = g.add(embedding, dense);
        Value flat = g.permute(g.reshape(picture, -1, Sam.WIDTH, cells), 0, 2, 1);
        flat = g.expand(flat, Shape.of(prompts, cells, Sam.WIDTH));
        Value position = g.permute(g.reshape(PromptEncoder.grid(g, grid), 1, Sam.WIDTH, cells), 0, 2, 1);
        List<Value> seen = new TwoWayTransformer(d.in("transformer")).write(all, flat, position);

        Value up = upscale(d.in("output_upscaling"), seen.get(1), prompts, grid);
        Value[] weights = new Value[MASKS];
        for (int m = 0; m < MASKS; m++) {
            Value token = g.slice(seen.get(0), 1, 1 + m, 2 + m);
            weights[m] = mlp(d.in("output_hypernetworks_mlps", m), token, Sam.WIDTH / 8);
        }
        Value flatUp = g.reshape(up, Shape.of(prompts, Sam.WIDTH / 8, 16 * cells));
        Value masks = g.matmul(g.concat(1, weights), flatUp);
        g.output("masks", g.reshape(masks, Shape.of(prompts, MASKS, 4L * grid, 4L * grid)));
        Value quality = mlp(d.in("iou_prediction_head"), g.slice(seen.get(0), 1, 0, 1), MASKS);
        g.output("quality", g.reshape(quality, Shape.of(Dim.of(prompts), Dim.of(MASKS))));
    }

    private static Value upscale(GraphBuilder u, Value tokens, int prompts, int grid) {
        Value x = u.reshape(u.permute(tokens, 0, 2, 1), Shape.of(prompts, Sam.WIDTH, grid, grid));
        x = u.in(0).convTranspose2d(x, new Conv(Sam.WIDTH / 4, 2, 2, 0, 1, 1, true));
        x = u.geluErf(u.in(1).layerNorm(x, 1, Sam.EPSILON));
        return u.geluErf(u.in(3).convTranspose2d(x, new Conv(Sam.WIDTH / 8, 2, 2, 0, 1, 1, true)));
    }

    private static Value mlp(GraphBuilder m, Value x, int out) {
        Value h = m.relu(m.in("layers", 0).linear(x, Sam.WIDTH, true));
        h = m.relu(m.in("layers", 1).linear(h, Sam.WIDTH, true));
        return m.in("layers", 2).linear(h, out, true);
    }
}
