package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Convolution.Window;

/** The first convolution of a network, and the gradient for its weights: stem32.cu. */
final class Stem32 {
    private static final String FAMILY = "stem32";
    private static final int KERNEL = 3;
    private static final int FILTERS = 8;
    private static final int MOST_CHANNELS = 4;
    private static final int FOUR = 4;
    private static final int BLOCK = 128;
    private static final int WARP = 32;
    /** How many blocks a weight gradient is cut into. */
    private static final int WANTED_BLOCKS = 528;

    private final Emitter emitter;
    private final Rounded rounded;

    /**
     * @param rounded what may be there in bfloat16 alone, or null
     */
    Stem32(Emitter emitter, Rounded rounded) {
        this.emitter = emitter;
        this.rounded = rounded;
    }

    /** Whether a convolution is one, by its sizes. */
    static boolean takes(Window window, int groups, int kernelY, int kernelX, long channels, long filters) {
        return groups == 1
                && kernelY == KERNEL
                && kernelX == KERNEL
                && window.strideY() == 2
                && window.strideX() == 2
                && window.top() == 1
                && window.left() == 1
                && window.dilationY() == 1
                && window.dilationX() == 1
                && channels <= MOST_CHANNELS
                && filters % FILTERS == 0;
    }

    static boolean takes(ConvolutionShape c) {
        return takes(c.window(), c.groups(), c.kernelY(), c.kernelX(), c.x().dim(1), c.y().dim(1));
    }

    void forward(ConvolutionShape c, Slot bias, double flops) {
        Array32 y = c.y();
        Either made = Either.made(rounded, y);
        Params params = new Params()
                .slot(c.x().slot())
                .slot(c.w().slot())
                .slot(bias)
                .slot(made.wide())
                .slot(null)
                .slot(made.narrow());
        Grid along = Grid.covering((long) y.dim(0) * y.dim(2) * ((y.dim(3) + FOUR - 1) / FOUR), BLOCK);
        Grid grid = new Grid(along.x(), y.dim(1) / FILTERS, 1);
        double bytes = ConvolutionShape.traffic(c.x(), c.w()) + made.bytes();
        emitter.grid(FAMILY, FAMILY, grid, BLOCK, 0, sizes(params, c, 1), flops, bytes);
    }

    void weight(ConvolutionShape c, double flops) {
        Array32 dy = c.y();
        Either slope = Either.read(rounded, dy);
        int groups = dy.dim(1) / FILTERS;
        int splits = Math.clamp((long) dy.dim(0) * dy.dim(2), 1, Math.max(1, WANTED_BLOCKS / groups));
        Pieces pieces = Pieces.of(emitter, c.w(), splits);
        Params params = new Params()
                .slot(c.x().slot())
                .slot(slope.wide())
                .slot(null)
                .slot(pieces.partial().slot())
                .slot(slope.narrow())
                .slot(null);
        Grid grid = new Grid(splits, groups, 1);
        int block = c.x().dim(1) * KERNEL * WARP;
        double bytes = ConvolutionShape.traffic(c.x()) + slope.bytes();
        emitter.grid(FAMILY, FAMILY + "_weight", grid, block, 0, sizes(params, c, splits), flops, bytes);
        pieces.sum(emitter);
    }

    private static Params sizes(Params params, ConvolutionShape c, int splits) {
        Array32 x = c.x();
        Array32 y = c.y();
        return params.int32(x.dim(0), x.dim(1), x.dim(2), x.dim(3), y.dim(1), y.dim(2), y.dim(3), splits);
    }
}
