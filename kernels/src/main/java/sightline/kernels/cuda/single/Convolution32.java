package sightline.kernels.cuda.single;

import java.util.List;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.program.Strided;
import sightline.kernels.cuda.single.Products32.Left;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;

/** Matrix products and convolutions in float32, forward and backward. */
final class Convolution32 {
    private static final int TILE = 64;
    private static final int BLOCK = 256;
    /** How many blocks a weight gradient is cut into, so that small filters still fill the device. */
    private static final int WANTED_BLOCKS = 264;

    private static final int ADD = Codes.of(Elementwise.Arithmetic.ADD);

    private final Emitter emitter;
    private final Elements32 elements;
    private final Rounded rounded;
    private final Products32 products;
    private final Columns32 columns;
    private final Depthwise32 depthwise;
    private final Stem32 stem;

    /**
     * @param rounded operands of large products; null where those are exact
     */
    Convolution32(Emitter emitter, Elements32 elements, Rounded rounded) {
        this.emitter = emitter;
        this.elements = elements;
        this.rounded = rounded;
        this.products = new Products32(emitter, rounded);
        this.columns = new Columns32(emitter, rounded);
        this.depthwise = new Depthwise32(emitter, rounded);
        this.stem = new Stem32(emitter, rounded);
    }

    /** Whether {@link #lower} can apply an activation to what it reads. */
    static boolean activates(Convolution op, List<Array32> in, Node node) {
        Array32 y = new Array32(null, Lowering32.shape(node.output()), false);
        return op instanceof Convolution.Conv2d conv
                && new ConvolutionShape(in.get(0), y, in.get(1), conv.window(), conv.groups()).tiles();
    }

    /**
     * @param activation of the input, the kernels' code, 0 for none; only where it {@link #activates}
     * @param rounds whether a product may store its result in bfloat16 alone
     */
    Array32 lower(Convolution op, List<Array32> in, Node node, int activation, boolean rounds) {
        Array32 x = in.get(0);
        Array32 w = in.get(1);
        Slot bias = in.size() > 2 ? in.get(2).slot() : null;
        Array32 out = made(rounds, Lowering32.shape(node.output()));
        double flops = 2.0 * node.macs();
        switch (op) {
            case Convolution.Conv2d conv ->
                forward(new ConvolutionShape(x, out, w, conv.window(), conv.groups()), bias, activation, flops);
            case Convolution.ConvTranspose2d conv ->
                input(new ConvolutionShape(out, x, w, conv.window(), conv.groups()), bias, flops);
        }
        return out;
    }

    /**
     * A pointwise convolution with pixels for channels: images of pixels times filters. Null where it cannot be had so at no
     * cost.
     */
    Array32 turned(Convolution op, List<Array32> in, Node node, boolean rounds) {
        int[] shape = Lowering32.shape(node.output());
        Array32 y = new Array32(null, shape, false);
        if (!(op instanceof Convolution.Conv2d conv) || shape.length != 4 || conv.groups() != 1) {
            return null;
        }
        ConvolutionShape c = new ConvolutionShape(in.get(0), y, in.get(1), conv.window(), 1);
        Left left = Left.rowMajor(in.get(1).slot(), shape[1], in.get(0).dim(1), 1);
        if (!c.pointwise() || !products.addsColumns(left, c.outArea())) {
            return null;
        }
        Array32 out = made(rounds, shape[0], c.outArea(), shape[1]);
        Slot bias = in.size() > 2 ? in.get(2).slot() : null;
        products.turned(left, in.get(0).slot(), bias, out.slot(), c.outArea(), shape[0], 2.0 * node.macs());
        return out;
    }

    private Array32 made(boolean rounds, int... shape) {
        Array32 out = emitter.array(false, shape);
        if (rounds && rounded != null) {
            rounded.allow(out.slot());
        }
        return out;
    }

    private void forward(ConvolutionShape c, Slot bias, int activation, double flops) {
        Array32 x = c.x();
        Array32 y = c.y();
        double bytes = ConvolutionShape.traffic(x, c.w(), y);
        if (c.depthwise()) {
            depthwise.forward(c, bias, activation, flops);
        } else if (c.pointwise() && Products32.fits((long) x.dim(0) * c.groups())) {
            Left left = Left.rowMajor(c.w().slot(), y.dim(1) / c.groups(), x.dim(1) / c.groups(), c.groups());
            products.pointwise(left, x.slot(), bias, y.slot(), c.outArea(), x.dim(0) * c.groups(), flops, bytes);
        } else if (Stem32.takes(c)) {
            stem.forward(c, bias, flops);
        } else if (c.unfolds()) {
            Array32 unfolded = columns.unfold(c);
            Left left = Left.rowMajor(c.w().slot(), y.dim(1), x.dim(1) * c.taps(), 1);
            products.pointwise(left, unfolded.slot(), bias, y.slot(), c.outArea(), x.dim(0), flops, bytes);
        } else {
            general("conv32", c, x.slot(), c.w().slot(), bias, y, flops, bytes);
        }
    }

    /** From the gradient of y to {@code c.x()}; also a transposed convolution. */
    private void input(ConvolutionShape c, Slot bias, double flops) {
        Array32 x = c.x();
        Array32 y = c.y();
        double bytes = ConvolutionShape.traffic(y, c.w(), x);
        if (c.depthwise()) {
            depthwise.input(c, bias, flops);
        } else if (c.unfolds()) {
            Array32 room = columns.room(c);
            Left left = Left.transposed(c.w().slot(), x.dim(1) * c.taps(), y.dim(1), 1);
            products.pointwise(left, y.slot(), null, room.slot(), c.outArea(), x.dim(0), flops, bytes);
            columns.fold(c, room, bias);
        } else {
            general("conv32_input_gradient", c, y.slot(), c.w().slot(), bias, x, flops, bytes);
        }
    }

    private void general(
            String kernel, ConvolutionShape c, Slot from, Slot w, Slot bias, Array32 to, double flops, double bytes) {
        Params params = c.sizes(new Params().slot(from).slot(w).slot(bias).slot(to.slot()));
        int pixels = to.dim(0) * to.dim(2) * to.dim(3);
        Grid grid = new Grid(tiles(pixels), tiles(to.dim(1) / c.groups()), c.groups());
        emitter.grid("dense32", kernel, grid, BLOCK, 0, params.int32(c.groups(), 1), flops, bytes);
    }

    /** Whether {@link #weightGradient} can apply an activation to what it reads. */
    static boolean activates(Adjoint.ConvWeight op, List<Array32> in, Node node) {
        Array32 w = new Array32(null, Lowering32.shape(node.output()), false);
        return Depthwise32.activatesGradient(new ConvolutionShape(in.get(0), in.get(1), w, op.window(), op.groups()));
    }

    /**
     * @param activation of x, the kernels' code, 0 for none; only where it {@link #activates}
     */
    Array32 weightGradient(Adjoint.ConvWeight op, List<Array32> in, Node node, int activation) {
        Array32 x = in.get(0);
        Array32 dy = in.get(1);
        Array32 out = emitter.array(false, Lowering32.shape(node.output()));
        ConvolutionShape c = new ConvolutionShape(x, dy, out, op.window(), op.groups());
        double flops = 2.0 * node.macs();
        int rows = dy.dim(1) / op.groups();
        if (c.depthwise()) {
            depthwise.weight(c, activation, flops);
        } else if (c.pointwise()) {
            int width = x.dim(1) / op.groups();
            products.weight(dy.slot(), x.slot(), out, rows, width, c.outArea(), x.dim(0), op.groups(), flops);
        } else if (Stem32.takes(c)) {
            stem.weight(c, flops);
        } else if (c.unfolds()) {
            Array32 unfolded = columns.unfold(c);
            int width = x.dim(1) * c.taps();
            products.weight(dy.slot(), unfolded.slot(), out, rows, width, c.outArea(), x.dim(0), 1, flops);
        } else {
            general(c, flops);
        }
        return out;
    }

    private void general(ConvolutionShape c, double flops) {
        Array32 out = c.w();
        int groups = c.groups();
        Grid tiles = new Grid(tiles(c.y().dim(1) / groups), tiles(out.dim(1) * c.taps()), groups);
        int blocks = tiles.x() * tiles.y() * tiles.z();
        int pixels = c.y().dim(0) * c.outArea();
        int splits = Math.clamp((WANTED_BLOCKS + blocks - 1) / blocks, 1, Math.max(1, pixels / 2048));
        Pieces pieces = Pieces.of(emitter, out, splits);
        Params params = c.sizes(new Params()
                .slot(c.x().slot())
                .slot(c.y().slot())
                .slot(null)
                .slot(pieces.partial().slot()));
        Grid grid = new Grid(tiles.x(), tiles.y(), tiles.z() * splits);
        double bytes = ConvolutionShape.traffic(c.x(), c.y());
        emitter.grid("dense32", "conv32_weight_gradient", grid, BLOCK, 0, params.int32(groups, splits), flops, bytes);
        pieces.sum(emitter);
    }

    /** The sum over the first axis of a product of two images' rows, or columns: a gradient for the weights. */
    Array32 summedProduct(Node product, Array32 a, Array32 b) {
        double flops = 2.0 * product.macs();
        if (((Linear.MatMul) product.op()).transposeA()) {
            // Rows of all images follow one another, so the sum over images is one more stretch of the inner dimension.
            int depth = a.dim(0) * a.dim(1);
            Array32 sum = emitter.array(false, a.dim(2), b.dim(2));
            Left left = Left.transposed(a.slot(), a.dim(2), depth, 1);
            double bytes = ConvolutionShape.traffic(a, b, sum);
            products.pointwise(left, b.slot(), null, sum.slot(), b.dim(2), 1, flops, bytes);
            return sum;
        }
        Array32 out = emitter.array(false, a.dim(1), a.dim(2), b.dim(2));
        products.weight(a.slot(), b.slot(), out, a.dim(2), b.dim(2), a.dim(3), a.dim(0), a.dim(1), flops);
        return out;
    }

    /** The product, with a bias added to every row where there is one. */
    Array32 matmul(Linear.MatMul op, List<Array32> in, Node node, Array32 bias, boolean rounds) {
        Array32 a = in.get(0);
        Array32 b = in.get(1);
        int[] shape = Lowering32.shape(node.output());
        Array32 out = made(rounds, shape);
        int m = out.dim(-2);
        int n = out.dim(-1);
        int k = op.transposeA() ? a.dim(-2) : a.dim(-1);
        int[] batch = java.util.Arrays.copyOf(shape, shape.length - 2);
        int each = out.size() / Math.max(1, m * n);
        if (each > 1 && !op.transposeA() && b.size() == k * n && a.size() == each * m * k) {
            // Rows of all matrices share the right operand: they are rows of one.
            m *= each;
            each = 1;
        }
        boolean paired = a.size() == each * m * k && b.size() == each * k * n;
        double flops = 2.0 * node.macs();
        if (paired && Products32.fits(each) && !op.transposeB()) {
            Left left = op.transposeA() ? Left.transposed(a.slot(), m, k, each) : Left.rowMajor(a.slot(), m, k, each);
            boolean adds = bias != null && products.addsColumns(left, n);
            Slot added = adds ? bias.slot() : null;
            double bytes = ConvolutionShape.traffic(a, b, out);
            products.pointwise(left, b.slot(), null, added, out.slot(), n, each, flops, bytes);
            return adds ? out : biased(out, bias);
        }
        if (paired && Products32.fits(each) && !op.transposeA()) {
            boolean adds = bias != null && products.addsColumns(m, n, k);
            Slot added = adds ? bias.slot() : null;
            products.weight(a.slot(), b.slot(), added, out, m, n, k, 1, each, flops);
            return adds ? out : biased(out, bias);
        }
        Params params = new Params()
                .slot(a.slot())
                .slot(b.slot())
                .slot(out.slot())
                .int32(m, n, k)
                .int32(op.transposeA() ? 1 : a.dim(-1), op.transposeA() ? a.dim(-1) : 1)
                .int32(op.transposeB() ? 1 : b.dim(-1), op.transposeB() ? b.dim(-1) : 1);
        Strided.walk(params, batch);
        params.int32Array(batchStrides(a, batch), Emitter.RANK)
                .int32Array(batchStrides(b, batch), Emitter.RANK)
                .int32(op.transposeA() ? 1 : 0, op.transposeB() ? 1 : 0);
        int products = new Array32(null, batch, false).size();
        emitter.grid(
                "dense32",
                "matmul32",
                new Grid(tiles(m), tiles(n), products),
                BLOCK,
                0,
                params,
                flops,
                ConvolutionShape.traffic(a, b, out));
        return biased(out, bias);
    }

    private Array32 biased(Array32 product, Array32 bias) {
        return bias == null ? product : elements.binary(ADD, product, bias, false, product.shape());
    }

    private static int[] batchStrides(Array32 x, int[] batch) {
        int[] own = x.strides();
        int[] strides = new int[batch.length];
        int shift = batch.length + 2 - x.rank();
        for (int i = shift; i < batch.length; i++) {
            strides[i] = x.dim(i - shift) == 1 ? 0 : own[i - shift];
        }
        return strides;
    }

    private static int tiles(int length) {
        return (length + TILE - 1) / TILE;
    }
}
