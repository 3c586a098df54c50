package sightline.kernels.cuda.single;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.program.Strided;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction;

/** Reductions, normalisations and softmax in float32. */
final class Reduction32 {
    private static final int BLOCK = 256;
    private static final int SUM = 0;
    private static final int MEAN = 1;
    private static final int ARG_MAX = 4;
    private static final int WHOLE = 16;
    /** Rows at least this long, and too few to fill the device one a thread, get a block each. */
    private static final int LONG_ROW = 128;

    private static final int MANY_ROWS = 65_536;
    /** So few rows are worth a block each even if they are short. */
    private static final int FEW_ROWS = 8_192;

    private static final int SHORT_ROW = 8;
    private static final int WARP = 32;
    private static final int FOUR = 4;
    /** So few are added by one thread, one after the other. */
    private static final int FEW_PIECES = 16;
    /** Rows that a warp holds in its registers. */
    private static final int LEAST_WARP_ROW = 33;

    private static final int MOST_WARP_ROW = 512;

    /** Rows too few to fill the device a block each are cut in pieces at least this long. */
    private static final int PIECE = 8_192;

    private static final int ENOUGH_BLOCKS = 512;
    /** Columns that a warp reads side by side. */
    private static final int LEAST_COLUMNS = 32;

    private static final int LEAST_ROWS = 64;
    private static final int MOST_BLOCKS = 65_535;

    private final Emitter emitter;

    Reduction32(Emitter emitter) {
        this.emitter = emitter;
    }

    Array32 lower(Reduction op, List<Array32> in, Node node) {
        Array32 x = in.getFirst();
        int[] shape = Lowering32.shape(node.output());
        return switch (op) {
            case Reduction.Reduce reduce -> {
                Array32 out = emitter.array(x.whole(), shape);
                boolean[] reduced = new boolean[x.rank()];
                reduce.axes().forEach(a -> reduced[node.input(0).shape().axis(a)] = true);
                emit(x, out, reduced, Codes.of(reduce.kind()) + (x.whole() ? WHOLE : 0));
                yield out;
            }
            case Reduction.ArgReduce arg -> {
                Array32 out = emitter.array(true, shape);
                boolean[] reduced = new boolean[x.rank()];
                reduced[node.input(0).shape().axis(arg.axis())] = true;
                emit(x, out, reduced, ARG_MAX + Codes.of(arg.end()) + (x.whole() ? WHOLE : 0));
                yield out;
            }
        };
    }

    /** Sums {@code x} over its first axis. */
    void sumInto(Array32 x, Array32 out) {
        if (x.dim(0) <= FEW_PIECES && out.size() % FOUR == 0) {
            Params params = new Params().slot(x.slot()).slot(out.slot()).int32(out.size(), x.dim(0));
            double bytes = 4.0 * (x.size() + out.size());
            emitter.each("rounding", "sum_pieces", out.size() / FOUR, params, x.size(), bytes);
            return;
        }
        boolean[] reduced = new boolean[x.rank()];
        reduced[0] = true;
        emit(x, out, reduced, SUM);
    }

    /** Reduces the last axis. */
    void alongRows(Array32 x, Array32 out, int op) {
        boolean[] reduced = new boolean[x.rank()];
        reduced[x.rank() - 1] = true;
        emit(x, out, reduced, op);
    }

    private void emit(Array32 x, Array32 out, boolean[] reduced, int op) {
        int count = out.size() == 0 ? 0 : x.size() / out.size();
        Columns columns = op < ARG_MAX ? Columns.of(x.shape(), reduced) : null;
        if (columns != null) {
            down(x, out, columns, op);
            return;
        }
        int pieces = op >= ARG_MAX || out.size() == 0 ? 1 : Math.min(count / PIECE, ENOUGH_BLOCKS / out.size());
        if (pieces < 2) {
            emit(x, out, reduced, op, count, 1);
            return;
        }
        // Two rounds, always cut alike: the result does not depend on which block was first.
        Array32 partial = emitter.array(false, out.size(), pieces);
        emit(x, partial, reduced, op == MEAN ? SUM : op, count, pieces);
        emit(partial, out, new boolean[] {false, true}, op, count, 1);
    }

    /** A shape of which one stretch of axes is reduced, and enough behind it is not to be read side by side. */
    private record Columns(int outer, int rows, int columns) {
        static Columns of(int[] shape, boolean[] reduced) {
            int axis = 0;
            int[] lengths = {1, 1, 1};
            for (int part = 0; part < lengths.length; part++) {
                while (axis < shape.length && (shape[axis] == 1 || reduced[axis] == (part == 1))) {
                    lengths[part] *= shape[axis++];
                }
            }
            boolean whole = axis == shape.length;
            boolean worth = lengths[1] >= SHORT_ROW && lengths[2] >= LEAST_COLUMNS && lengths[0] <= MOST_BLOCKS;
            return whole && worth ? new Columns(lengths[0], lengths[1], lengths[2]) : null;
        }

        int tiles() {
            return (columns + LEAST_COLUMNS - 1) / LEAST_COLUMNS;
        }

        int pieces() {
            return Math.clamp(ENOUGH_BLOCKS / ((long) tiles() * outer), 1, Math.max(1, rows / LEAST_ROWS));
        }
    }

    /** Sums each thread's rows, then eight threads', then pieces: always cut alike. */
    private void down(Array32 x, Array32 out, Columns c, int op) {
        int pieces = c.pieces();
        Array32 partial = pieces == 1 ? out : emitter.array(false, pieces, c.outer, c.columns);
        Params params = new Params()
                .slot(x.slot())
                .slot(partial.slot())
                .int32(c.outer, c.rows, c.columns, pieces > 1 && op == MEAN ? SUM : op, c.rows);
        Grid grid = new Grid(c.tiles(), c.outer, pieces);
        double bytes = 4.0 * (x.size() + partial.size());
        emitter.grid("reduce", "reduce_columns", grid, BLOCK, 0, params, x.size(), bytes);
        if (pieces > 1) {
            emit(partial, out, new boolean[] {true, false, false}, op, c.rows, 1);
        }
    }

    private void emit(Array32 x, Array32 out, boolean[] reduced, int op, int divisor, int pieces) {
        int[] strides = x.strides();
        List<Integer> keptAxes = new ArrayList<>();
        List<Integer> reducedAxes = new ArrayList<>();
        for (int i = 0; i < reduced.length; i++) {
            (reduced[i] ? reducedAxes : keptAxes).add(i);
        }
        int outputs = out.size() / pieces;
        int count = outputs == 0 ? 0 : x.size() / outputs;
        Params params = new Params().slot(x.slot()).slot(out.slot()).int32(outputs, count, op, divisor);
        for (List<Integer> axes : List.of(keptAxes, reducedAxes)) {
            int[] shape = axes.stream().mapToInt(x::dim).toArray();
            Strided.walk(params, shape);
            params.int32Array(axes.stream().mapToInt(a -> strides[a]).toArray(), Emitter.RANK);
        }
        double bytes = 4.0 * (x.size() + out.size());
        boolean manyLong = count >= LONG_ROW && outputs < MANY_ROWS;
        boolean fewShort = count >= SHORT_ROW && outputs <= FEW_ROWS;
        if (op < ARG_MAX && (manyLong || fewShort || pieces > 1)) {
            emitter.grid("reduce", "reduce_block", new Grid(outputs, pieces, 1), BLOCK, 0, params, x.size(), bytes);
        } else {
            emitter.each("reduce", "reduce_thread", outputs, params, x.size(), bytes);
        }
    }

    /**
     * @param factor what every element of the first is multiplied by before
     * @param rounded what may be there in bfloat16 alone, or null
     * @param along whether a product wants the result rounded too
     */
    Array32 softmax(Linear.Softmax op, List<Array32> in, float factor, Rounded rounded, boolean along) {
        Array32 x = in.getFirst();
        Array32 mask = in.size() > 1 ? in.get(1) : null;
        Array32 out = emitter.like(x);
        int axis = op.axis() < 0 ? op.axis() + x.rank() : op.axis();
        boolean warps = x.inner(axis) == 1 && x.dim(axis) >= LEAST_WARP_ROW && x.dim(axis) <= MOST_WARP_ROW;
        Slot narrow = warps && rounded != null ? rounded.alone(x.slot()) : null;
        Params params = new Params()
                .slot(narrow == null ? x.slot() : null)
                .slot(null)
                .slot(null)
                .slot(out.slot());
        params.slot(mask == null ? null : mask.slot());
        rowSizes(params, x, axis, x.dim(axis), factor, 0, 1, 1);
        Strided.walk(params, x.shape());
        int[] maskStrides = mask == null ? new int[x.rank()] : mask.broadcastStrides(x.shape());
        params.int32Array(maskStrides, Emitter.RANK).int32(maskStrides[axis]);
        int rows = x.size() / x.dim(axis);
        if (warps) {
            Grid grid = Grid.covering((long) rows * WARP, BLOCK);
            params.slot(narrow).slot(rounded != null && along ? rounded.along(out.slot(), out.size()) : null);
            double bytes = (narrow == null ? 8.0 : 6.0) * x.size() + (along ? 2.0 * x.size() : 0);
            emitter.grid("reduce", "softmax_warp", grid, BLOCK, 0, params, 5.0 * x.size(), bytes);
            return out;
        }
        rows("softmax", x, x.size() / x.dim(axis), x.dim(axis), params);
        return out;
    }

    /** Any norm but a batch norm in training. */
    Array32 norm(Norm op, List<Array32> in) {
        return switch (op) {
            case Norm.BatchNorm batch -> batchNorm(batch, in);
            case Norm.LayerNorm layer -> rowNorm(in, layer.axis(), layer.epsilon(), 1);
            case Norm.RmsNorm rms -> rowNorm(in, rms.axis(), rms.epsilon(), 0);
            case Norm.GroupNorm group -> groupNorm(in, group);
        };
    }

    private Array32 rowNorm(List<Array32> in, int axis, double epsilon, int centred) {
        Array32 x = in.getFirst();
        int at = axis < 0 ? axis + x.rank() : axis;
        Array32 out = emitter.like(x);
        Params params = normHead(in, out);
        rowSizes(params, x, at, x.dim(at), epsilon, centred, 1, 1);
        tail(params);
        rows("norm", x, x.size() / x.dim(at), x.dim(at), params);
        return out;
    }

    private Array32 groupNorm(List<Array32> in, Norm.GroupNorm op) {
        Array32 x = in.getFirst();
        Array32 out = emitter.like(x);
        int rows = x.dim(0) * op.groups();
        int count = x.size() / rows;
        int area = x.inner(1);
        Params params = normHead(in, out);
        params.int32(rows, 1, count, count, 1).float32((float) op.epsilon()).int32(1, area, op.groups());
        tail(params);
        rows("norm", x, rows, count, params);
        return out;
    }

    private static Params normHead(List<Array32> in, Array32 out) {
        return new Params()
                .slot(in.getFirst().slot())
                .slot(in.size() > 1 ? in.get(1).slot() : null)
                .slot(in.size() > 2 ? in.get(2).slot() : null)
                .slot(out.slot())
                .slot(null);
    }

    private static void tail(Params params) {
        Strided.walk(params, new int[0]);
        params.int32Array(new int[0], Emitter.RANK).int32(0);
    }

    private static void rowSizes(
            Params params, Array32 x, int axis, int count, double epsilon, int centred, int period, int groups) {
        int inner = x.inner(axis);
        params.int32(x.size() / count, inner, inner * count, count, inner)
                .float32((float) epsilon)
                .int32(centred, period, groups);
    }

    private void rows(String kernel, Array32 x, int rows, int count, Params params) {
        if (count >= LONG_ROW && rows < MANY_ROWS) {
            emitter.grid("reduce", kernel + "_block", Grid.of(rows), BLOCK, 0, params, 5.0 * x.size(), 8.0 * x.size());
        } else {
            emitter.each("reduce", kernel + "_thread", rows, params, 5.0 * x.size(), 8.0 * x.size());
        }
    }

    private Array32 batchNorm(Norm.BatchNorm op, List<Array32> in) {
        Array32 x = in.getFirst();
        Array32 y = emitter.like(x);
        Params params = new Params();
        in.forEach(array -> params.slot(array.slot()));
        params.slot(y.slot()).int32(x.dim(0), x.dim(1), x.inner(1)).float32((float) op.epsilon());
        emitter.each("reduce", "batch_norm", x.size(), params, 2.0 * x.size(), 8.0 * x.size());
        return y;
    }
}
