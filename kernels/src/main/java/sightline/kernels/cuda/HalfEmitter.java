package sightline.kernels.cuda;

import java.lang.foreign.MemorySegment;
import sightline.kernels.cuda.Launch.Grid;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Taps;

/** Emits the half-precision kernels. */
final class HalfEmitter {
    /** A tile of the implicit GEMM: rows, columns, threads, and how much of the sum each of its stages holds. */
    private record Tile(int rows, int columns, int threads, int depth, int stages) {
        /** Stages and later the sums of the whole tile, and what it takes to align them. */
        int shared() {
            return 1024 + Math.max(stages * (rows + columns) * (depth + 8) * 2, rows * (columns + 8) * 4);
        }

        String kernel() {
            return "conv_half_" + rows + "x" + columns + "x" + depth;
        }

        long blocks(long m, long n) {
            return (m + rows - 1) / rows * ((n + columns - 1) / columns);
        }
    }

    private static final Tile[] SHORT = {
        new Tile(128, 128, 256, 32, 3),
        new Tile(128, 64, 256, 32, 3),
        new Tile(64, 64, 128, 32, 3),
        new Tile(32, 64, 128, 32, 3),
        new Tile(32, 32, 128, 32, 3)
    };
    /** For sums of at least {@link #LONG_SUM}. */
    private static final Tile[] LONG = {
        new Tile(128, 128, 256, 64, 3),
        new Tile(128, 64, 256, 64, 3),
        new Tile(64, 64, 128, 64, 4),
        new Tile(32, 64, 128, 64, 4),
        new Tile(32, 32, 128, 64, 4)
    };

    private static final Tile[] MIDDLE = {new Tile(128, 32, 128, 32, 3), new Tile(32, 32, 128, 32, 3)};
    private static final Tile[] MIDDLE_LONG = {new Tile(128, 32, 256, 64, 3), new Tile(32, 32, 128, 64, 4)};
    private static final Tile[] NARROW = {new Tile(128, 16, 128, 32, 3)};
    private static final int LONG_SUM = 128;
    /** Blocks under which a smaller tile is better, about one a multiprocessor of the devices that we know. */
    private static final int ENOUGH_BLOCKS = 120;
    /** Threads under which a depthwise convolution gives each output its own. */
    private static final int FEW_THREADS = 100_000;

    private final Emitter emitter;

    HalfEmitter(Emitter emitter) {
        this.emitter = emitter;
    }

    Pixels room(int batch, int height, int width, int channels) {
        Pixels sized = new Pixels(null, batch, height, width, channels);
        return new Pixels(emitter.room(2 * sized.elements()), batch, height, width, channels);
    }

    Pixels like(Pixels other) {
        return room(other.batch(), other.height(), other.width(), other.channels());
    }

    /** Geometry of one implicit GEMM: which output pixels it computes and where they lie. */
    record Placement(int rows, int columns, int padY, int padX, int scaleY, int scaleX, int shiftY, int shiftX) {
        /** Every pixel of the result, from the pixel at the same place. */
        static Placement same(Pixels y) {
            return new Placement(y.height(), y.width(), 0, 0, 1, 1, 0, 0);
        }
    }

    void dense(
            Pixels x,
            MemorySegment filters,
            float[] bias,
            Pixels residual,
            Pixels y,
            int kernelY,
            int kernelX,
            int strideY,
            int strideX,
            int dilationY,
            int dilationX,
            Placement at,
            int activation,
            boolean residualFirst) {
        long m = (long) x.batch() * at.rows * at.columns;
        int depth = kernelY * kernelX * x.stored();
        double flops = 2.0 * m * y.channels() * kernelY * kernelX * x.channels();
        double bytes = x.bytes() + filters.byteSize() + 2.0 * m * y.stored() * (residual == null ? 1 : 2);
        boolean pointwise = depth == x.stored() && strideY == 1 && strideX == 1 && at.equals(Placement.same(y));
        PointwiseCut cut = pointwise ? PointwiseCut.of(m, depth, y.stored()) : null;
        if (cut != null) {
            Params params = new Params()
                    .slot(x.slot())
                    .slot(emitter.constant(filters))
                    .slot(vector(bias))
                    .slot(residual == null ? null : residual.slot())
                    .slot(y.slot())
                    .int32(Math.toIntExact(m), depth, y.channels(), y.stored(), cut.each())
                    .int32(activation, residualFirst ? 1 : 0);
            emitter.grid(
                    "pointwise_half",
                    cut.kernel(),
                    cut.grid(),
                    PointwiseCut.THREADS,
                    cut.shared(),
                    params,
                    flops,
                    bytes);
            return;
        }
        Tile tile = choose(m, y.channels(), depth);
        Params params = new Params()
                .slot(x.slot())
                .slot(emitter.constant(filters))
                .slot(vector(bias))
                .slot(residual == null ? null : residual.slot())
                .slot(y.slot())
                .int32(x.batch(), x.height(), x.width(), x.stored())
                .int32(at.rows, at.columns, y.channels(), y.stored())
                .int32(kernelX, strideY, strideX, at.padY, at.padX, dilationY, dilationX, depth)
                .int32(activation, residualFirst ? 1 : 0)
                .int32(y.height(), y.width(), at.scaleY, at.scaleX, at.shiftY, at.shiftX);
        Grid grid = new Grid(
                Math.toIntExact((m + tile.rows - 1) / tile.rows), (y.stored() + tile.columns - 1) / tile.columns, 1);
        emitter.grid("conv_half", tile.kernel(), grid, tile.threads, tile.shared(), params, flops, bytes);
    }

    private static Tile choose(long m, int filters, int depth) {
        boolean deep = depth >= LONG_SUM;
        Tile[] choice = filters > 32 ? deep ? LONG : SHORT : filters > 16 ? deep ? MIDDLE_LONG : MIDDLE : NARROW;
        for (Tile tile : choice) {
            boolean fits = filters > 64 || tile.columns <= 64;
            if (fits && tile.blocks(m, filters) >= ENOUGH_BLOCKS) {
                return tile;
            }
        }
        return choice[choice.length - 1];
    }

    private Slot vector(float[] values) {
        return values == null ? null : emitter.constant(values, values.length).slot();
    }

    void depthwise(Pixels x, float[] filters, float[] bias, Pixels y, int k, int stride, int pad, int activation) {
        DepthwiseTile tile = DepthwiseTile.of(y, k, stride);
        if (tile == null) {
            depthwiseSpans(x, Packing.halves(filters), bias, y, k, stride, pad, activation);
            return;
        }
        Params params = new Params()
                .slot(x.slot())
                .slot(vector(filters))
                .slot(vector(bias))
                .slot(y.slot())
                .int32(x.height(), x.width(), x.stored(), y.height(), y.width())
                .int32(pad, activation, tile.across(), tile.tilesX(), tile.tilesY());
        emitter.grid(
                "depthwise_tile",
                tile.name(),
                tile.grid(y),
                DepthwiseTile.THREADS,
                tile.shared(),
                params,
                2.0 * k * k * y.elements(),
                x.bytes() + y.bytes());
    }

    private void depthwiseSpans(
            Pixels x, MemorySegment filters, float[] bias, Pixels y, int k, int stride, int pad, int activation) {
        Params params = new Params()
                .slot(x.slot())
                .slot(emitter.constant(filters))
                .slot(vector(bias))
                .slot(y.slot())
                .int32(x.batch(), x.height(), x.width(), x.stored(), y.height(), y.width())
                .int32(pad, pad, activation);
        long outputs = y.elements() / 8;
        int wide = stride == 1 ? 4 : k == 3 ? 2 : 1;
        int span = outputs / wide < FEW_THREADS ? 1 : wide;
        long threads = (long) y.batch() * y.height() * ((y.width() + span - 1) / span) * (y.stored() / 8);
        emitter.grid(
                "depthwise_half",
                "depthwise_half_" + k + "_" + stride + "_" + span,
                Grid.covering(threads, 128),
                128,
                0,
                params,
                2.0 * k * k * y.elements(),
                x.bytes() + y.bytes());
    }

    void stem(Array32 x, float[] filters, float[] bias, Pixels y, int stride, int pad, int activation) {
        Params params = new Params()
                .slot(x.slot())
                .slot(vector(filters))
                .slot(vector(bias))
                .slot(y.slot())
                .int32(x.dim(0), x.dim(2), x.dim(3), y.height(), y.width(), y.channels(), stride, pad, activation);
        long pixels = (long) y.batch() * y.area();
        emitter.grid(
                "image_half",
                "stem_half",
                Grid.covering(pixels, 128),
                128,
                0,
                params,
                54.0 * pixels * y.channels(),
                4.0 * x.size() + y.bytes());
    }

    Pixels fromArray(Array32 x) {
        int[] s = x.shape();
        Pixels y = s.length == 4 ? room(s[0], s[2], s[3], s[1]) : room(s[0], 1, 1, s[1]);
        layout("to_half", x.slot(), y.slot(), y);
        return y;
    }

    Array32 toArray(Pixels x, int[] shape) {
        Array32 y = emitter.array(false, shape);
        layout("from_half", x.slot(), y.slot(), x);
        return y;
    }

    private void layout(String kernel, Slot from, Slot to, Pixels size) {
        Params params =
                new Params().slot(from).slot(to).int32(size.batch(), size.channels(), size.area(), size.stored());
        Grid grid = new Grid((size.area() + 31) / 32, (size.stored() + 31) / 32, size.batch());
        emitter.grid("image_half", kernel, grid, 256, 0, params, 0, 3 * size.bytes());
    }

    Pixels sum(Pixels a, Pixels b, int activation) {
        Pixels y = like(a);
        Params params = new Params()
                .slot(a.slot())
                .slot(b == null ? null : b.slot())
                .slot(y.slot())
                .int32((int) (a.elements() / 8), activation);
        emitter.each(
                "image_half",
                "sum_half",
                a.elements() / 8,
                params,
                (double) a.elements(),
                (b == null ? 2 : 3) * a.bytes());
        return y;
    }

    void copyChannels(Pixels from, int fromAt, Pixels to, int toAt, int count) {
        int pieces = count / 8;
        int pixels = from.batch() * from.area();
        Params params = new Params()
                .slot(from.slot())
                .slot(to.slot())
                .int32(pixels, pieces, from.stored(), fromAt, to.stored(), toAt);
        emitter.each("image_half", "copy_channels_half", (long) pixels * pieces, params, 0, 4.0 * pixels * count);
    }

    Pixels resize(Pixels x, Spatial.Resize op, int height, int width, Pixels other) {
        Pixels y = room(x.batch(), height, width, x.channels());
        Taps rows = Taps.of(op.mode(), op.grid(), x.height(), height);
        Taps columns = Taps.of(op.mode(), op.grid(), x.width(), width);
        int taps = Math.max(most(rows), most(columns));
        Params params = new Params()
                .slot(x.slot())
                .slot(other == null ? null : other.slot())
                .slot(y.slot());
        for (Taps axis : new Taps[] {rows, columns}) {
            int count = axis.index().length;
            int[] at = new int[count * taps];
            float[] weight = new float[count * taps];
            for (int i = 0; i < count; i++) {
                for (int k = 0; k < axis.index()[i].length; k++) {
                    at[i * taps + k] = axis.index()[i][k];
                    weight[i * taps + k] = (float) axis.weight()[i][k];
                }
            }
            params.slot(emitter.constant(at, at.length).slot()).slot(vector(weight));
        }
        params.int32(x.batch(), x.height(), x.width(), x.stored(), height, width, taps);
        emitter.each(
                "image_half",
                "resize_half",
                y.elements() / 8,
                params,
                2.0 * taps * taps * y.elements(),
                x.bytes() + y.bytes() * (other == null ? 1 : 2));
        return y;
    }

    private static int most(Taps taps) {
        int most = 1;
        for (int[] at : taps.index()) {
            most = Math.max(most, at.length);
        }
        return most;
    }

    Array32 average(Pixels x, int[] shape) {
        Array32 y = emitter.array(false, shape);
        Params params = new Params().slot(x.slot()).slot(y.slot()).int32(x.area(), x.channels(), x.stored());
        Grid grid = new Grid((x.stored() + 63) / 64, x.batch(), 1);
        emitter.grid("image_half", "average_half", grid, 128, 0, params, (double) x.elements(), x.bytes());
        return y;
    }

    /** The most channels that {@link #norm} takes. */
    static final int NORM_CHANNELS = 2048;

    /** Layer norm over the channels of each pixel. */
    Pixels norm(Pixels x, float[] scale, float[] shift, double epsilon) {
        Pixels y = like(x);
        int pixels = x.batch() * x.area();
        Params params = new Params()
                .slot(x.slot())
                .slot(vector(scale))
                .slot(vector(shift))
                .slot(y.slot())
                .int32(pixels, x.channels(), x.stored())
                .float32((float) epsilon);
        Grid grid = Grid.covering(pixels, 4);
        emitter.grid("image_half", "norm_half", grid, 128, 0, params, 8.0 * x.elements(), 2 * x.bytes());
        return y;
    }

    Pixels grouped(Pixels x, float[] filters, int width) {
        Pixels y = like(x);
        int pixels = x.batch() * x.area();
        Params params =
                new Params().slot(x.slot()).slot(vector(filters)).slot(y.slot()).int32(pixels, x.stored());
        Grid grid = new Grid((pixels + 127) / 128, x.channels() / width, 1);
        double flops = 2.0 * x.elements() * width;
        emitter.grid("attention_half", "grouped_half_" + width, grid, 128, 0, params, flops, 2 * x.bytes());
        return y;
    }

    Pixels attention(Pixels first, Pixels second, int heads, int width, float epsilon) {
        int sources = second == null ? 1 : 2;
        int all = heads * sources;
        Pixels y = room(first.batch(), first.height(), first.width(), all * width);
        int chunks = Math.clamp((first.area() + 63) / 64, 1, Math.clamp(528 / (all * first.batch()), 1, 16));
        Slot partial = emitter.room(4L * first.batch() * all * chunks * (width * width + width));
        Params params = new Params()
                .slot(first.slot())
                .slot(second == null ? null : second.slot())
                .slot(partial)
                .slot(y.slot())
                .int32(heads, first.area(), first.stored(), y.stored(), chunks)
                .float32(epsilon);
        double work = 2.0 * first.batch() * first.area() * all * width * width;
        double read = sources * first.bytes();
        Grid states = new Grid(all, chunks, first.batch());
        emitter.grid("attention_half", "attention_state_" + width, states, 128, 0, params, work, read * 2 / 3);
        Grid apply = new Grid((first.area() + 127) / 128, all, first.batch());
        emitter.grid("attention_half", "attention_apply_" + width, apply, 128, 0, params, work, read / 3 + y.bytes());
        return y;
    }
}
