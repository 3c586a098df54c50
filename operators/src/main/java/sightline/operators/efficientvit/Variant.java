package sightline.operators.efficientvit;

import java.util.Locale;

/**
 * The backbones of the paper. B: five stages of depthwise blocks, hardswish; L: wider, fused blocks first, tanh GELU.
 *
 * <p>Source: the paper's appendix and the official code's tables; parameter counts are held by a test.
 */
public enum Variant {
    B0(Series.B, 16, new int[] {8, 16, 32, 64, 128}, new int[] {1, 2, 2, 2, 2}),
    B1(Series.B, 16, new int[] {16, 32, 64, 128, 256}, new int[] {1, 2, 3, 3, 4}),
    B2(Series.B, 32, new int[] {24, 48, 96, 192, 384}, new int[] {1, 3, 4, 4, 6}),
    B3(Series.B, 32, new int[] {32, 64, 128, 256, 512}, new int[] {1, 4, 6, 6, 9}),
    L0(Series.L, 32, new int[] {32, 64, 128, 256, 512}, new int[] {1, 1, 1, 4, 4}),
    L1(Series.L, 32, new int[] {32, 64, 128, 256, 512}, new int[] {1, 1, 1, 6, 6}),
    L2(Series.L, 32, new int[] {32, 64, 128, 256, 512}, new int[] {1, 2, 2, 8, 8}),
    L3(Series.L, 32, new int[] {64, 128, 256, 512, 1024}, new int[] {1, 2, 2, 8, 8});

    /** The two families. */
    public enum Series {
        B,
        L
    }

    private final Series series;
    private final int headDim;
    private final int[] widths;
    private final int[] depths;

    Variant(Series series, int headDim, int[] widths, int[] depths) {
        this.series = series;
        this.headDim = headDim;
        this.widths = widths;
        this.depths = depths;
    }

    public Series series() {
        return series;
    }

    /** Channels of one attention head. */
    public int headDim() {
        return headDim;
    }

    /** Channels of stage 0..4, at strides 2, 4, 8, 16, 32. */
    public int width(int stage) {
        return widths[stage];
    }

    /** Residual blocks of stage 0..4, the downsampling block not counted. */
    public int depth(int stage) {
        return depths[stage];
    }

    /** Epsilon of every batch norm and layer norm: the official code rewrites it after construction. */
    public double epsilon() {
        return series == Series.B ? 1e-5 : 1e-7;
    }

    /** As in model names, {@code b0}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
