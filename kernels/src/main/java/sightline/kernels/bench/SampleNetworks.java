package sightline.kernels.bench;

import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;

/** Networks made of the usual blocks, for measuring engines without any model of the operators' room. */
public final class SampleNetworks {
    private SampleNetworks() {}

    /** Inverted bottlenecks with a pooled and a resized branch: stem, four stages of stride 2, a head at stride 8. */
    public static Graph mobile(long batch, long height, long width) {
        GraphBuilder g = GraphBuilder.named("mobile " + height + "x" + width);
        Value x = g.input("image", Shape.of(batch, 3, height, width));
        x = conv(g.in("stem"), x, Conv.of(8, 3).stride(2), true);
        int[] widths = {16, 32, 64, 128};
        Value fine = x;
        for (int stage = 0; stage < widths.length; stage++) {
            x = bottleneck(g.in("stages", stage, 0), x, widths[stage], 2);
            x = g.add(x, bottleneck(g.in("stages", stage, 1), x, widths[stage], 1));
            fine = stage == 1 ? x : fine;
        }
        Value coarse = conv(g.in("head", "coarse"), x, Conv.of(32, 1), false);
        coarse = g.resize(coarse, Mode.BICUBIC, fine.size(2), fine.size(3));
        Value sum = g.add(coarse, conv(g.in("head", "fine"), fine, Conv.of(32, 1), false));
        g.output(
                "map",
                g.in("head", "out").conv2d(g.hardSwish(sum), Conv.of(19, 1).biased()));
        return g.build();
    }

    private static Value bottleneck(GraphBuilder g, Value x, int out, int stride) {
        int middle = (int) x.size(1) * 4;
        Value y = conv(g.in("expand"), x, Conv.of(middle, 1), true);
        y = conv(g.in("depth"), y, Conv.depthwise(middle, 3).stride(stride), true);
        return conv(g.in("project"), y, Conv.of(out, 1), false);
    }

    private static Value conv(GraphBuilder g, Value x, Conv conv, boolean active) {
        Value y = g.in("norm").batchNorm(g.in("conv").conv2d(x, conv), 1e-5);
        return active ? g.hardSwish(y) : y;
    }
}
