package sightline.operators.litepose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sightline.config.domain.Skeleton;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/**
 * The LitePose network: inverted bottlenecks with 7x7 kernels in one branch, and a fusion deconvolution head that takes
 * back the detail of earlier stages (CVPR 2022, sections 3.2 and 3.3).
 *
 * <p>Input {@code image}: float32 N x 3 x H x W normalised by ImageNet's statistics, H and W multiples of 16. Outputs:
 * {@code coarse} N x 2J x H/4 x W/4 (heat maps, then tags) and {@code fine} N x J x H/2 x W/2 (heat maps). Graphs carry
 * no weights and may be shared.
 */
public final class LitePose {
    public static final String IMAGE = "image";
    public static final String COARSE = "coarse";
    public static final String FINE = "fine";
    static final String PEAKS = "peaks";
    static final String SOUGHT = "sought";
    static final String SUMMITS = "summits";
    /** Joints that are looked for at once, for each picture of a batch; one of which more is sought takes what others leave. */
    static final int SOUGHT_A_PICTURE = 64;

    private static final double EPSILON = 1e-5;
    private static final int[] BLOCKS = {6, 8, 10, 10};
    private static final int[] STRIDES = {2, 2, 2, 1};
    private static final int EXPAND = 6;

    private LitePose() {}

    public static Graph graph(Size size, Skeleton skeleton, Shape image) {
        GraphBuilder g = named(size);
        Heads heads = heads(g, size, skeleton, image);
        g.output(COARSE, heads.coarse);
        g.output(FINE, heads.fine);
        return g.build();
    }

    /**
     * The same network with what is looked for in its maps, which stay where they are.
     *
     * <p>Output {@code peaks}, as {@link Finding.Peaks} says; where {@code sought}, a late input of {@value
     * #SOUGHT_A_PICTURE} rows a picture, is found: {@code summits}, as {@link Finding.Summits} says.
     */
    public static Graph looking(Size size, Skeleton skeleton, Shape image) {
        GraphBuilder g = named(size);
        Heads heads = heads(g, size, skeleton, image);
        List<Value> maps = List.of(heads.coarse, heads.fine);
        g.output(PEAKS, g.find(new Finding.Peaks(AssociativeEmbedding.PEAK_THRESHOLD, Peaks.BEST), maps));
        Value sought = g.input(SOUGHT, Shape.of(image.size(0) * SOUGHT_A_PICTURE, Finding.Summits.SOUGHT));
        g.output(SUMMITS, g.find(new Finding.Summits(), List.of(heads.coarse, heads.fine, sought)));
        return g.build();
    }

    private static GraphBuilder named(Size size) {
        return GraphBuilder.named("litepose-" + size.name().toLowerCase(Locale.ROOT));
    }

    private record Heads(Value coarse, Value fine) {}

    private static Heads heads(GraphBuilder g, Size size, Skeleton skeleton, Shape image) {
        int joints = skeleton.joints().size();
        List<Value> heads = new ArrayList<>(2);
        List<Value> scales = trunk(g, g.input(IMAGE, image), size);
        Value refined = scales.get(4);
        Value raw = scales.get(3);
        for (int level = 0; level < 3; level++) {
            refined = fuse(g, level, refined, raw, size.deconvolution(level));
            raw = scales.get(2 - level);
            if (level > 0) {
                int channels = level == 1 ? 2 * joints : joints;
                Value heat = g.add(
                        separable(g.in("final_refined", level - 1, "conv"), refined, channels),
                        separable(g.in("final_raw", level - 1, "conv"), raw, channels));
                heads.add(heat);
            }
        }
        return new Heads(heads.get(0), heads.get(1));
    }

    /** Stem and stages, at strides 2, 4, 8, 16 and 16. */
    private static List<Value> trunk(GraphBuilder g, Value image, Size size) {
        GraphBuilder first = g.in("first");
        Value x = g.relu6(normed(first, 0, image, Conv.of(32, 3).stride(2)));
        x = g.relu6(normed(first, 1, x, Conv.depthwise(32, 3)));
        x = first.in(3).batchNorm(first.in(2).conv2d(x, Conv.of(size.first(), 1)), EPSILON);
        List<Value> scales = new ArrayList<>(List.of(x));
        for (int s = 0; s < 4; s++) {
            for (int b = 0; b < BLOCKS[s]; b++) {
                x = bottleneck(g.in("stage", s, b), x, size.stage(s), b == 0 ? STRIDES[s] : 1);
            }
            scales.add(x);
        }
        return scales;
    }

    private static Value bottleneck(GraphBuilder g, Value x, int out, int stride) {
        int in = Math.toIntExact(x.size(1));
        int middle = divisible(EXPAND * in);
        Value y = g.relu6(normed(g, "inv", x, Conv.of(middle, 1)));
        y = g.relu6(normed(g, "depth_conv", y, Conv.depthwise(middle, 7).stride(stride)));
        y = normed(g, "point_conv", y, Conv.of(out, 1));
        return stride == 1 && in == out ? g.add(x, y) : y;
    }

    /** Two transposed convolutions, one batch norm after their sum. */
    private static Value fuse(GraphBuilder g, int level, Value refined, Value raw, int out) {
        Conv twice = Conv.of(out, 4).stride(2).padding(1);
        Value sum = g.add(
                g.in("deconv_refined", level).convTranspose2d(refined, twice),
                g.in("deconv_raw", level).convTranspose2d(raw, twice));
        return g.relu(g.in("deconv_bnrelu", level, 0).batchNorm(sum, EPSILON));
    }

    private static Value separable(GraphBuilder g, Value x, int out) {
        Value y = g.in(0).conv2d(x, Conv.depthwise(Math.toIntExact(x.size(1)), 5));
        return g.in(3).conv2d(g.relu(g.in(1).batchNorm(y, EPSILON)), Conv.of(out, 1));
    }

    private static Value normed(GraphBuilder g, Object name, Value x, Conv conv) {
        GraphBuilder layer = g.in(name);
        return layer.in(1).batchNorm(layer.in(0).conv2d(x, conv), EPSILON);
    }

    /** To the nearest multiple of 8, and never more than a tenth below. */
    private static int divisible(int channels) {
        int near = Math.max(8, (channels + 4) / 8 * 8);
        return near < 0.9 * channels ? near + 8 : near;
    }
}
