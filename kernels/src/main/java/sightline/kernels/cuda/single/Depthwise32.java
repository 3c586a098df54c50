package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;

/** Depthwise convolutions, sums in float32, arrays in that or bfloat16: tiles in shared memory for the usual kernels, else one thread an output. */
final class Depthwise32 {
    private static final String TILED = "depthwise_tile32";
    private static final String GENERAL = "depthwise32";
    private static final int BLOCK = 256;
    private static final int WANTED_BLOCKS = 1056;
    private static final int FOUR = 4;

    private final Emitter emitter;
    private final Rounded rounded;

    /**
     * @param rounded what may be there in bfloat16 alone, or null
     */
    Depthwise32(Emitter emitter, Rounded rounded) {
        this.emitter = emitter;
        this.rounded = rounded;
    }

    /** How a block of 256 threads lies over outputs: fours of a row, rows, planes. */
    private record Tile(int strips, int rows, int planes, int floats) {
        static Tile of(ConvolutionShape c) {
            int k = c.kernelY();
            int s = c.window().strideY();
            int strips = Math.min(32, power((c.y().dim(3) + FOUR - 1) / FOUR));
            int rows = Math.min(power(c.y().dim(2)), BLOCK / strips);
            int planes = BLOCK / (strips * rows);
            int pitch = strips * FOUR * s + (3 * s + k + 3) / FOUR * FOUR - FOUR * s;
            int plane = ((rows - 1) * s + k) * pitch;
            return new Tile(strips, rows, planes, planes * (plane + k * ((k + 3) / FOUR * FOUR)));
        }

        private static int power(int n) {
            return n <= 1 ? 1 : Integer.highestOneBit(n - 1) * 2;
        }

        int over(ConvolutionShape c) {
            int width = strips * FOUR;
            return (c.y().dim(3) + width - 1) / width * ((c.y().dim(2) + rows - 1) / rows);
        }

        int groups(int of) {
            return (of + planes - 1) / planes;
        }
    }

    private static Params params(
            ConvolutionShape c, Tile tile, Slot x, Slot w, Slot bias, Slot y, int splits, int activation) {
        return new Params()
                .slot(x)
                .slot(w)
                .slot(bias)
                .slot(y)
                .int32(c.x().dim(0), c.x().dim(1), c.x().dim(2), c.x().dim(3), c.y().dim(2), c.y().dim(3))
                .int32(c.window().top(), c.window().left(), tile.strips, tile.rows, tile.planes, splits, activation);
    }

    private static String suffix(ConvolutionShape c) {
        return "_" + c.kernelY() + "_" + c.window().strideY();
    }

    /**
     * @param activation of x, the kernels' code, 0 for none; only where {@link ConvolutionShape#tiles}
     */
    void forward(ConvolutionShape c, Slot bias, int activation, double flops) {
        if (!c.tiles()) {
            Params general = new Params()
                    .slot(c.x().slot())
                    .slot(c.w().slot())
                    .slot(bias)
                    .slot(c.y().slot());
            double bytes = ConvolutionShape.traffic(c.x(), c.w(), c.y());
            emitter.each(GENERAL, GENERAL, c.y().size(), c.sizes(general).int32(1), flops, bytes);
            return;
        }
        Tile tile = Tile.of(c);
        Either x = Either.read(rounded, c.x());
        Either y = Either.made(rounded, c.y());
        Params params = params(c, tile, x.wide(), c.w().slot(), bias, y.wide(), 1, activation)
                .slot(x.narrow())
                .slot(y.narrow())
                .slot(null);
        Grid grid = Grid.of((long) tile.groups(c.x().dim(0) * c.x().dim(1)) * tile.over(c));
        double bytes = x.bytes() + ConvolutionShape.traffic(c.w()) + y.bytes();
        emitter.grid(TILED, TILED + suffix(c), grid, BLOCK, 4 * tile.floats, params, flops, bytes);
    }

    /** From the gradient of y to {@code c.x()}. */
    void input(ConvolutionShape c, Slot bias, double flops) {
        boolean pairs = c.tiles()
                && c.window().strideY() == 2
                && c.window().top() == c.kernelY() / 2
                && c.window().left() == c.kernelX() / 2;
        if (!pairs) {
            Params params = new Params()
                    .slot(c.y().slot())
                    .slot(c.w().slot())
                    .slot(bias)
                    .slot(c.x().slot());
            String kernel = GENERAL + "_input_gradient";
            double bytes = ConvolutionShape.traffic(c.y(), c.w(), c.x());
            emitter.each(GENERAL, kernel, c.x().size(), c.sizes(params).int32(1), flops, bytes);
            return;
        }
        Either dy = Either.read(rounded, c.y());
        Either x = Either.made(rounded, c.x());
        Params params =
                new Params().slot(dy.wide()).slot(c.w().slot()).slot(bias).slot(x.wide());
        c.sizes(params).int32(1).slot(dy.narrow()).slot(x.narrow());
        long items = (long) c.x().outer(2) * ((c.x().dim(2) + 1) / 2) * ((c.x().dim(3) + FOUR - 1) / FOUR);
        double bytes = dy.bytes() + ConvolutionShape.traffic(c.w()) + x.bytes();
        emitter.each(GENERAL, GENERAL + "_input" + suffix(c), items, params, flops, bytes);
    }

    /** Whether {@link #weight} can apply an activation to what it reads. */
    static boolean activatesGradient(ConvolutionShape c) {
        return c.tiles() && c.kernelY() == 3;
    }

    /**
     * From x and the gradient of y to {@code c.w()}.
     *
     * @param activation of x, the kernels' code, 0 for none; only where it {@link #activatesGradient}
     */
    void weight(ConvolutionShape c, int activation, double flops) {
        int taps = c.taps();
        int channels = c.x().dim(1);
        boolean tiled = c.tiles();
        Tile tile = tiled ? Tile.of(c) : null;
        int items = tiled ? tile.groups(c.x().dim(0)) * tile.over(c) : Math.max(1, c.x().dim(0) * c.outArea() / 2048);
        int blocks = tiled ? channels : channels * taps;
        int splits = Math.clamp((WANTED_BLOCKS + blocks - 1) / blocks, 1, items);
        Pieces pieces = Pieces.of(emitter, c.w(), splits);
        if (tiled) {
            int shared = 4 * Math.max(tile.floats, BLOCK / 32 * taps);
            Either x = Either.read(rounded, c.x());
            Either dy = Either.read(rounded, c.y());
            Params params = params(
                            c, tile, x.wide(), dy.wide(), null, pieces.partial().slot(), splits, activation)
                    .slot(x.narrow())
                    .slot(null)
                    .slot(dy.narrow());
            String kernel = "depthwise_weight32" + suffix(c);
            double bytes = x.bytes() + dy.bytes();
            emitter.grid(TILED, kernel, new Grid(channels, splits, 1), BLOCK, shared, params, flops, bytes);
        } else {
            Params params = c.sizes(new Params()
                    .slot(c.x().slot())
                    .slot(c.y().slot())
                    .slot(null)
                    .slot(pieces.partial().slot()));
            Grid grid = new Grid(taps, channels, splits);
            String kernel = "depthwise32_weight_gradient";
            double bytes = ConvolutionShape.traffic(c.x(), c.y());
            emitter.grid(GENERAL, kernel, grid, BLOCK, 0, params.int32(splits), flops, bytes);
        }
        pieces.sum(emitter);
    }
}
