package sightline.kernels.cuda.half;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Pixels;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Taps;

/** Emits the half-precision kernels. */
public final class HalfEmitter {
    /** The families among whose kernels there is a choice. */
    public static final List<String> CHOSEN_FROM = List.of(
            "conv_half",
            "conv_halo",
            "conv_fused",
            "pointwise_half",
            "pointwise_wide",
            "split_half",
            "depthwise_tile",
            "depthwise_half",
            "attention_half",
            "image_half",
            "stem_product");
    /** Pieces of an image whose states are summed apart, at most. */
    private static final int MOST_CHUNKS = 16;

    /** Four on each multiprocessor of the devices that we know. */
    private static final int ENOUGH_BLOCKS = 528;

    private final Emitter emitter;
    private final Chooser chooser;

    HalfEmitter(Emitter emitter, Chooser chooser) {
        this.emitter = emitter;
        this.chooser = chooser;
    }

    private void emit(String layer, List<Candidate> candidates) {
        chooser.choose(layer, candidates).emission().accept(emitter);
    }

    Pixels room(int batch, int height, int width, int channels) {
        Pixels sized = new Pixels(null, batch, height, width, channels);
        return new Pixels(emitter.room(2 * sized.elements()), batch, height, width, channels);
    }

    Pixels like(Pixels other) {
        return room(other.batch(), other.height(), other.width(), other.channels());
    }

    void dense(DenseLayer layer) {
        emit(layer.signature(), layer.candidates());
    }

    void bottleneck(FusedBottleneck layers) {
        layers.choose(chooser).emission().accept(emitter);
    }

    void depthwise(DepthwiseLayer layer) {
        emit(layer.signature(), layer.candidates());
    }

    /**
     * A 3x3 convolution of three-channel pictures.
     *
     * @param filters of input and filter
     */
    void stem(Array32 x, float[] filters, float[] bias, Pixels y, int stride, int pad, int activation) {
        String layer = "stem %dx%dx%d to %d by %d, act %d"
                .formatted(x.dim(0), x.dim(2), x.dim(3), y.channels(), stride, activation);
        long pixels = (long) y.batch() * y.area();
        int[] numbers = {x.dim(0), x.dim(2), x.dim(3), y.height(), y.width(), y.channels(), stride, pad, activation};
        double flops = 54.0 * pixels * y.channels();
        double bytes = 4.0 * x.size() + y.bytes();
        Candidate each = new Candidate("a thread a pixel", 0, 0, to -> {
            Params params = stem(x, to.vector(filters), to.vector(bias), y).int32(numbers);
            to.grid("image_half", "stem_half", Grid.covering(pixels, 128), 128, 0, params, flops, bytes);
        });
        Candidate product = new Candidate("product", 0, 0, to -> {
            Slot packed = to.constant(Packing.stem(filters, y.channels()));
            Params params = stem(x, packed, to.vector(bias), y).int32(numbers);
            int blocks = (int) Math.min((pixels + 63) / 64, 2 * ENOUGH_BLOCKS);
            Grid grid = new Grid(blocks, (y.channels() + 31) / 32, 1);
            to.grid("stem_product", "stem_product", grid, 128, 0, params, flops, bytes);
        });
        // The product computes 32 filters whether there are as many or not.
        emit(layer, y.channels() < 16 ? List.of(each, product) : List.of(product, each));
    }

    private static Params stem(Array32 x, Slot filters, Slot bias, Pixels y) {
        return new Params().slot(x.slot()).slot(filters).slot(bias).slot(y.slot());
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

    /** The image with a number added to each channel. */
    Pixels raised(Pixels x, float[] by) {
        Pixels sum = room(x.batch(), x.height(), x.width(), x.channels());
        float[] row = Packing.padded(by, x.channels());
        float[] rows = new float[x.batch() * row.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row[i % row.length];
        }
        Pixels pixel = new Pixels(emitter.constant(Packing.halves(rows)), x.batch(), 1, 1, x.channels());
        resize(pixel, new Spatial.Resize(Spatial.Mode.NEAREST, Spatial.Grid.HALF_PIXEL, null, null), x, sum);
        return sum;
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
        resize(x, op, other, y);
        return y;
    }

    private void resize(Pixels x, Spatial.Resize op, Pixels other, Pixels y) {
        int height = y.height();
        int width = y.width();
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
            params.slot(emitter.constant(at, at.length).slot()).slot(emitter.vector(weight));
        }
        params.int32(x.batch(), x.height(), x.width(), x.stored(), height, width, taps);
        emitter.each(
                "image_half",
                "resize_half",
                y.elements() / 8,
                params,
                2.0 * taps * taps * y.elements(),
                x.bytes() + y.bytes() * (other == null ? 1 : 2));
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
                .slot(emitter.vector(scale))
                .slot(emitter.vector(shift))
                .slot(y.slot())
                .int32(pixels, x.channels(), x.stored())
                .float32((float) epsilon);
        Grid grid = Grid.covering(pixels, 4);
        emitter.grid("image_half", "norm_half", grid, 128, 0, params, 8.0 * x.elements(), 2 * x.bytes());
        return y;
    }

    /**
     * A 1x1 convolution in groups.
     *
     * @param filters packed as {@link Packing#grouped} does
     * @param width channels of a group
     */
    Pixels grouped(Pixels x, MemorySegment filters, int width) {
        Pixels y = like(x);
        int pixels = x.batch() * x.area();
        Params params = new Params()
                .slot(x.slot())
                .slot(emitter.constant(filters))
                .slot(y.slot())
                .int32(pixels, x.stored());
        int columns = (x.stored() + Packing.GROUPED - 1) / Packing.GROUPED;
        int tiles = (pixels + 127) / 128;
        // A warp keeps its filters for a few tiles where there are enough blocks.
        int blocks = Math.clamp((ENOUGH_BLOCKS + columns - 1) / columns, (tiles + 3) / 4, tiles);
        double flops = 2.0 * x.elements() * width;
        emitter.grid(
                "attention_half", "grouped_half", new Grid(blocks, columns, 1), 128, 0, params, flops, 2 * x.bytes());
        return y;
    }

    Pixels attention(Pixels first, Pixels second, int heads, int width, float epsilon) {
        int all = heads * (second == null ? 1 : 2);
        Pixels y = room(first.batch(), first.height(), first.width(), all * width);
        int most = Math.clamp((first.area() + 63) / 64, 1, MOST_CHUNKS);
        int guess = Math.clamp(ENOUGH_BLOCKS / (all * first.batch()), 1, most);
        List<Candidate> candidates = IntStream.concat(IntStream.of(guess), IntStream.of(1, 2, 4, 8, MOST_CHUNKS))
                .filter(chunks -> chunks <= most)
                .distinct()
                .mapToObj(chunks -> new Candidate(
                        "chunks " + chunks, 0, 0, to -> attention(to, first, second, heads, width, epsilon, y, chunks)))
                .toList();
        emit("attention %dx%d, %d heads of %d".formatted(first.batch(), first.area(), all, width), candidates);
        return y;
    }

    private static void attention(
            Emitter to, Pixels first, Pixels second, int heads, int width, float epsilon, Pixels y, int chunks) {
        int sources = second == null ? 1 : 2;
        int all = heads * sources;
        Slot partial = to.room(4L * first.batch() * all * chunks * (width * width + width));
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
        to.grid("attention_half", "attention_state_" + width, states, 128, 0, params, work, read * 2 / 3);
        Grid apply = new Grid((first.area() + 255) / 256, all, first.batch());
        to.grid("attention_half", "attention_apply_" + width, apply, 128, 0, params, work, read / 3 + y.bytes());
    }
}
