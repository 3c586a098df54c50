package sightline.kernels.openness;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;

/**
 * DC-AE (Chen et al., 2024) as a graph: residual down- and upsampling by pixel shuffles with channel averaging and
 * duplication, linear attention in the deep stages.
 *
 * @param widths channels of each stage
 * @param convolutional stages from the top that are residual convolutions, in encoder and decoder alike
 * @param batchNormed decoder stages from the top with batch norm and ReLU instead of RMS norm and SiLU
 * @param aggregated whether attention has the 5x5 scale
 * @param plain the variant for Sana: strided and interpolated convolutions in place of shuffled ones
 */
record Autoencoder(
        int[] widths,
        int[] encoderDepths,
        int[] decoderDepths,
        int latent,
        int convolutional,
        int batchNormed,
        boolean aggregated,
        boolean plain) {
    private static final int HEAD = 32;

    static Autoencoder f32() {
        return new Autoencoder(
                new int[] {128, 256, 512, 512, 1024, 1024},
                new int[] {0, 4, 8, 2, 2, 2},
                new int[] {0, 5, 10, 2, 2, 2},
                32,
                3,
                3,
                false,
                false);
    }

    static Autoencoder sana() {
        int[] threes = {3, 3, 3, 3, 3, 3};
        return new Autoencoder(
                new int[] {128, 256, 512, 512, 1024, 1024}, new int[] {2, 2, 2, 3, 3, 3}, threes, 32, 3, 0, true, true);
    }

    /** The architecture of {@code this} at widths that a test can run. */
    Autoencoder tiny() {
        return new Autoencoder(
                new int[] {32, 64, 64, 64, 64, 64},
                encoderDepths,
                decoderDepths,
                16,
                convolutional,
                batchNormed,
                aggregated,
                plain);
    }

    Graph graph(long height, long width) {
        GraphBuilder g = GraphBuilder.named("dc-ae");
        Value z = encode(g.in("encoder"), g.input("image", Shape.of(1, 3, height, width)));
        g.output("latent", z);
        g.output("image", decode(g.in("decoder"), z));
        return g.build();
    }

    private Value encode(GraphBuilder g, Value image) {
        int first = encoderDepths[0] > 0 ? 0 : 1;
        Value x = plain
                ? g.in("project_in", "conv")
                        .conv2d(image, Conv.of(widths[first], 3).biased())
                : g.pixelUnshuffle(
                        g.in("project_in", "conv", "conv")
                                .conv2d(image, Conv.of(widths[first] / 4, 3).biased()),
                        2);
        for (int i = first; i < widths.length; i++) {
            GraphBuilder stage = g.in("stages", i);
            for (int j = 0; j < encoderDepths[i]; j++) {
                x = block(stage.in("op_list", j), x, i, false);
            }
            if (i < widths.length - 1) {
                x = down(stage.in("op_list", encoderDepths[i], "main"), x, widths[i + 1]);
            }
        }
        Value y = g.in("project_out", "main", "op_list", 0, "conv")
                .conv2d(x, Conv.of(latent, 3).biased());
        return g.add(y, averaged(g, x, latent));
    }

    private Value decode(GraphBuilder g, Value latentImage) {
        int last = widths.length - 1;
        int first = decoderDepths[0] > 0 ? 0 : 1;
        Value y = g.in("project_in", "main", "conv")
                .conv2d(latentImage, Conv.of(widths[last], 3).biased());
        Value x = g.add(y, g.repeatInterleave(latentImage, 1, widths[last] / latent));
        for (int i = last; i >= first; i--) {
            GraphBuilder stage = g.in("stages", i);
            if (i < last) {
                x = up(stage.in("op_list", 0, "main", "conv", "conv"), x, widths[i]);
            }
            for (int j = 0; j < decoderDepths[i]; j++) {
                x = block(stage.in("op_list", i < last ? j + 1 : j), x, i, true);
            }
        }
        GraphBuilder out = g.in("project_out", "op_list");
        x = g.relu(out.in(0).rmsNorm(x, 1, 1e-5, true));
        return plain
                ? out.in(2, "conv").conv2d(x, Conv.of(3, 3).biased())
                : g.pixelShuffle(
                        out.in(2, "conv", "conv").conv2d(x, Conv.of(12, 3).biased()), 2);
    }

    private Value down(GraphBuilder g, Value x, int out) {
        Value y = plain
                ? g.in("conv").conv2d(x, Conv.of(out, 3).stride(2).biased())
                : g.pixelUnshuffle(
                        g.in("conv", "conv").conv2d(x, Conv.of(out / 4, 3).biased()), 2);
        return g.add(y, averaged(g, g.pixelUnshuffle(x, 2), out));
    }

    private Value up(GraphBuilder g, Value x, int out) {
        Value y = plain
                ? g.conv2d(g.upsample(x, Mode.NEAREST, 2), Conv.of(out, 3).biased())
                : g.pixelShuffle(g.conv2d(x, Conv.of(4 * out, 3).biased()), 2);
        return g.add(y, g.pixelShuffle(g.repeatInterleave(x, 1, 4L * out / x.size(1)), 2));
    }

    /** Means of groups of consecutive channels. */
    private static Value averaged(GraphBuilder g, Value x, long channels) {
        Value groups = g.reshape(x, x.size(0), channels, x.size(1) / channels, x.size(2), x.size(3));
        return g.reshape(g.mean(groups, 2), x.size(0), channels, x.size(2), x.size(3));
    }

    private Value block(GraphBuilder g, Value x, int stage, boolean decoder) {
        boolean batch = decoder && stage < batchNormed;
        if (stage < convolutional) {
            Value y = g.in("main", "conv1", "conv")
                    .conv2d(x, Conv.of(widths[stage], 3).biased());
            y = batch ? g.relu(y) : g.silu(y);
            y = g.in("main", "conv2", "conv").conv2d(y, Conv.of(widths[stage], 3));
            return g.add(x, norm(g.in("main", "conv2", "norm"), y, batch));
        }
        Value attended = g.add(x, attention(g.in("context_module", "main"), x));
        return g.add(attended, gated(g.in("local_module", "main"), attended));
    }

    private static Value norm(GraphBuilder g, Value x, boolean batch) {
        return batch ? g.batchNorm(x, 1e-5) : g.rmsNorm(x, 1, 1e-5, true);
    }

    private Value attention(GraphBuilder g, Value x) {
        long channels = x.size(1);
        int total = (int) (3 * channels);
        List<Value> scales = new ArrayList<>();
        scales.add(g.in("qkv", "conv").conv2d(x, Conv.of(total, 1)));
        if (aggregated) {
            Value near = g.in("aggreg", 0, 0).conv2d(scales.getFirst(), Conv.depthwise(total, 5));
            scales.add(g.in("aggreg", 0, 1).conv2d(near, Conv.of(total, 1).groups(total / HEAD)));
        }
        Value all = g.concat(1, scales);
        long pixels = x.size(2) * x.size(3);
        List<Value> qkv = g.chunk(g.reshape(all, x.size(0), -1, 3L * HEAD, pixels), 2, 3);
        Value q = g.relu(qkv.get(0));
        Value k = g.relu(qkv.get(1));
        Value v = g.pad(qkv.get(2), List.of(0, 0, 0, 0), List.of(0, 0, 1, 0), Layout.Edge.CONSTANT, 1);
        Value out = g.matmul(g.matmul(v, false, k, true), q);
        Value y = g.div(g.slice(out, 2, 0, HEAD), g.add(g.slice(out, 2, HEAD, HEAD + 1), 1e-15));
        y = g.reshape(
                y,
                Shape.of(
                        Dim.of(x.size(0)),
                        Dim.of(channels * scales.size()),
                        x.shape().dim(2),
                        x.shape().dim(3)));
        return norm(g.in("proj", "norm"), g.in("proj", "conv").conv2d(y, Conv.of((int) channels, 1)), false);
    }

    private static Value gated(GraphBuilder g, Value x) {
        int channels = (int) x.size(1);
        Value h = g.silu(
                g.in("inverted_conv", "conv").conv2d(x, Conv.of(8 * channels, 1).biased()));
        h = g.in("depth_conv", "conv").conv2d(h, Conv.depthwise(8 * channels, 3).biased());
        List<Value> halves = g.chunk(h, 1, 2);
        Value y = g.mul(halves.get(0), g.silu(halves.get(1)));
        return norm(g.in("point_conv", "norm"), g.in("point_conv", "conv").conv2d(y, Conv.of(channels, 1)), false);
    }
}
