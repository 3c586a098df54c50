package sightline.operators.sam;

import java.util.List;
import java.util.Locale;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;
import sightline.operators.efficientvit.LargeStages;

/**
 * The image encoder: backbone, then a neck that brings the last three stages to one grid and sums them.
 *
 * <p>Input {@code image}: N x 3 x S x S; output {@code embedding}: N x 256 x grid x grid. The grid is 64 in every official
 * size; tests use smaller ones.
 */
public final class ImageEncoder {
    private ImageEncoder() {}

    public static Graph graph(Sam sam, Shape image, int grid) {
        GraphBuilder g = GraphBuilder.named("efficientvit-sam-" + sam.name().toLowerCase(Locale.ROOT) + "-encoder");
        g.output("embedding", write(g, g.input("image", image), sam, grid));
        return g.build();
    }

    static Value write(GraphBuilder g, Value image, Sam sam, int grid) {
        GraphBuilder encoder = g.in("image_encoder");
        GraphBuilder backbone = encoder.in("backbone");
        List<Value> stages = sam.variant() != null
                ? LargeStages.write(backbone, image, sam.variant(), Sam.EPSILON)
                : sam.extraLarge().write(backbone, image, Sam.EPSILON);
        GraphBuilder neck = encoder.in("neck");
        Value sum = null;
        for (int i = 0; i < 3; i++) {
            GraphBuilder in = neck.in("input_ops", i, "op_list", 0);
            Value x = normed(in, stages.get(stages.size() - 1 - i), Conv.of(Sam.WIDTH, 1));
            x = g.resize(x, Mode.BICUBIC, grid, grid);
            sum = sum == null ? x : g.add(sum, x);
        }
        for (int i = 0; i < sam.neckDepth(); i++) {
            GraphBuilder block = neck.in("middle", "op_list", i, "main");
            Value y = normed(block.in("spatial_conv"), sum, Conv.of(Sam.WIDTH * sam.neckExpand(), 3));
            y = normed(block.in("point_conv"), g.unary(Function.GELU_TANH, y), Conv.of(Sam.WIDTH, 1));
            sum = g.add(sum, y);
        }
        Value out = neck.in("output_ops", 0, "op_list", 0, "conv")
                .conv2d(sum, Conv.of(Sam.WIDTH, 1).biased());
        return encoder.in("norm").layerNorm(out, 1, Sam.EPSILON);
    }

    private static Value normed(GraphBuilder g, Value x, Conv conv) {
        return g.in("norm").batchNorm(g.in("conv").conv2d(x, conv), Sam.EPSILON);
    }
}
