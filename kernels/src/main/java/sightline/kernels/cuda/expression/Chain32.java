package sightline.kernels.cuda.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.program.Step;
import sightline.kernels.cuda.program.Strided;
import sightline.kernels.graph.Value;

/** Expressions as kernels: the launches of chain.cu. */
public final class Chain32 {
    /** Added to the codes of arithmetic, and of slopes. */
    public static final int ARITHMETIC = 64;

    /** Added to the codes of slopes. */
    public static final int SLOPE = 128;

    private static final String FAMILY = "chain";
    private static final int BLOCK = 128;
    /** Fours of elements that a thread computes. */
    private static final int QUADS = 2;

    private static final int AXES = 5;
    private static final int REGISTER_BYTES = 16 * QUADS * BLOCK;
    private static final int LARGEST = 2;
    private static final int LEAST_ROWS = 64;
    private static final int LEAST_ROW = 16;
    private static final int MOST_ROW = 4096;
    private static final int COLUMNS = 128;
    private static final int WANTED_BLOCKS = 1056;
    private static final int MOST_BLOCKS = 65_535;

    private final Emitter emitter;
    private Slot left;
    private Map<Params, List<ExpressionResult>> recorded;

    /** Launches go to the emitter. */
    public Chain32(Emitter emitter) {
        this.emitter = emitter;
    }

    /** What the steps of some work store, by their parameters. */
    Map<Params, List<ExpressionResult>> recorded(Runnable work) {
        Map<Params, List<ExpressionResult>> all = new HashMap<>();
        recorded = all;
        try {
            work.run();
        } finally {
            recorded = null;
        }
        return all;
    }

    /**
     * Stores an expression with sums along its own rows.
     *
     * @param instead the steps that do the same without such a kernel
     */
    void whole(ExpressionKernel compiled, ExpressionDraft draft, List<ExpressionResult> results, List<Step> instead) {
        Params params = new Params();
        draft.leaves().forEach(leaf -> params.slot(leaf.slot()).slot(leaf.scales()));
        results.forEach(result -> params.slot(result.slot()).slot(result.scales()));
        double bytes = leafBytes(draft)
                + results.stream()
                        .filter(result -> !draft.alongRows(result.source()))
                        .mapToDouble(result -> draft.size() * result.bytes())
                        .sum();
        emitter.expression(compiled, params, instead, (double) draft.size() * draft.operations(), bytes);
    }

    /** Computes and stores; false where an expression is too large for the kernel. */
    public boolean map(ExpressionDraft draft, List<ExpressionResult> results) {
        ExpressionProgram program = ExpressionProgram.of(draft, results);
        Params params = params(draft, program, results, new int[5]);
        if (params == null) {
            return false;
        }
        boolean packs = results.stream().anyMatch(r -> r.kind() == ExpressionResult.PACKED);
        double bytes = leafBytes(draft)
                + draft.size()
                        * results.stream().mapToDouble(ExpressionResult::bytes).sum();
        Grid grid = Grid.covering(draft.size() / 4, QUADS * BLOCK);
        ExpressionKernel compiled = ExpressionKernels.map(draft, results);
        emit(packs ? "chain_pack" : "chain_map", grid, program, params, compiled, draft, results, bytes);
        return true;
    }

    /**
     * Reduces a value; false where it does not lie so that a warp can take a row of it, or read its rows side by side.
     *
     * @param sum what that makes; null where nobody asks
     */
    public boolean reduce(ExpressionDraft draft, Value value, Value sum, boolean[] reduced, int op, Array32 out) {
        int[] cuts = new int[3];
        int[] parts = parts(draft.shape(), reduced, cuts);
        if (op > LARGEST + 1 || parts == null || parts[1] == 1) {
            return false;
        }
        int source = draft.known(value);
        if (parts[2] == 1) {
            if (parts[1] % 4 != 0 || parts[1] < LEAST_ROW || parts[1] > MOST_ROW) {
                return false;
            }
            List<ExpressionResult> result =
                    List.of(new ExpressionResult(0, out.slot(), null, 0, new int[draft.shape().length], source, sum));
            ExpressionProgram program = ExpressionProgram.of(draft, result);
            Params params = params(draft, program, result, new int[] {1, parts[0], parts[1], op, parts[1]});
            if (params == null) {
                return false;
            }
            Grid grid = Grid.covering(32L * parts[0], BLOCK);
            ExpressionKernel compiled = ExpressionKernels.rows(draft, result, cuts[1], parts[0], parts[1], op);
            emit("chain_rows", grid, program, params, compiled, draft, result, leafBytes(draft) + 4.0 * out.size());
            return true;
        }
        if (parts[2] % 4 != 0 || parts[1] < LEAST_ROWS || parts[0] > MOST_BLOCKS) {
            return false;
        }
        int tiles = (parts[2] + COLUMNS - 1) / COLUMNS;
        int pieces = Math.clamp(WANTED_BLOCKS / ((long) tiles * parts[0]), 1, parts[1] / LEAST_ROWS);
        List<ExpressionResult> result =
                List.of(new ExpressionResult(0, out.slot(), null, 0, new int[draft.shape().length], source, null));
        ExpressionProgram program = ExpressionProgram.of(draft, result);
        List<ExpressionResult> all = new ArrayList<>(result);
        if (pieces > 1) {
            Slot partial = emitter.room(4L * pieces * out.size());
            all.add(new ExpressionResult(0, partial, left(), 0, new int[draft.shape().length], source, null));
        }
        Params params = params(draft, program, all, new int[] {parts[0], parts[1], parts[2], op, parts[1]});
        if (params == null) {
            return false;
        }
        Grid grid = new Grid(tiles, parts[0], pieces);
        ExpressionKernel compiled = ExpressionKernels.columns(draft, result, cuts[1], cuts[2], parts, pieces, op);
        double joined = pieces == 1 ? 0 : 8.0 * pieces * out.size();
        emit(
                "chain_columns",
                grid,
                program,
                params,
                compiled,
                draft,
                result,
                leafBytes(draft) + joined + 4.0 * out.size());
        return true;
    }

    /** How many pieces of each stretch of columns were left: zeros between launches. */
    private Slot left() {
        if (left == null) {
            left = emitter.constant(new int[WANTED_BLOCKS], WANTED_BLOCKS).slot();
        }
        return left;
    }

    /**
     * Elements of axes before, of those reduced, and of axes behind; null where they do not lie so.
     *
     * @param cuts receives the first axis of each
     */
    private static int[] parts(int[] shape, boolean[] reduced, int[] cuts) {
        int[] parts = {1, 1, 1};
        int axis = 0;
        for (int part = 0; part < parts.length; part++) {
            cuts[part] = axis;
            while (axis < shape.length && (shape[axis] == 1 || reduced[axis] == (part == 1))) {
                parts[part] *= shape[axis++];
            }
        }
        return axis == shape.length ? parts : null;
    }

    private static double leafBytes(ExpressionDraft draft) {
        return draft.size()
                * draft.leaves().stream()
                        .mapToDouble(leaf -> leaf.bytes(draft.shape()))
                        .sum();
    }

    private void emit(
            String kernel,
            Grid grid,
            ExpressionProgram program,
            Params params,
            ExpressionKernel compiled,
            ExpressionDraft draft,
            List<ExpressionResult> results,
            double bytes) {
        int shared = program.registers() * REGISTER_BYTES;
        double flops = (double) draft.size() * draft.operations();
        emitter.expression(FAMILY, kernel, grid, BLOCK, shared, params, compiled, flops, bytes);
        if (recorded != null) {
            recorded.put(params, results);
        }
    }

    /** The kernel's parameters, or null where the expression takes too many axes. */
    private Params params(
            ExpressionDraft draft, ExpressionProgram program, List<ExpressionResult> results, int[] reduction) {
        List<int[]> all = new ArrayList<>();
        draft.leaves().stream().filter(leaf -> leaf.strides() != null).forEach(leaf -> all.add(leaf.strides()));
        results.forEach(result -> all.add(result.strides()));
        int[] dense = Array32.stridesOf(draft.shape());
        all.add(dense);
        Strided walk = Strided.of(draft.shape(), all.toArray(int[][]::new));
        int rank = walk.shape().length;
        boolean aligned = results.stream().allMatch(result -> result.base() % 4 == 0);
        if (rank > AXES || !aligned || !walk.byFour()) {
            return null;
        }
        // Named here so that what waits is written before.
        draft.leaves().forEach(leaf -> leaf.slot().need());
        results.forEach(result -> result.slot().written());
        Params params = new Params();
        int at = 0;
        for (ExpressionLeaf leaf : draft.leaves()) {
            boolean packed = leaf.strides() == null;
            int[] strides = packed ? new int[rank] : walk.strides()[at++];
            boolean whole = !packed && Arrays.equals(strides, walk.strides()[all.size() - 1]);
            int kind = packed ? leaf.whole() ? 5 : 4 : (whole ? 0 : 1) + (leaf.narrow() ? 2 : 0);
            params.slot(leaf.slot()).slot(leaf.scales()).int32(kind, leaf.base());
            params.int32Array(behind(strides), AXES).int32(0);
        }
        pad(params, ExpressionKernel.LEAVES - draft.leaves().size());
        for (int i = 0; i < results.size(); i++) {
            ExpressionResult r = results.get(i);
            int source = program.sources()[Math.min(i, program.sources().length - 1)];
            params.slot(r.slot()).slot(r.scales()).int32(r.kind(), r.base(), source);
            params.int32Array(behind(walk.strides()[at++]), AXES);
        }
        pad(params, ExpressionKernel.RESULTS - results.size());
        float[] numbers = new float[ExpressionDraft.NUMBERS];
        for (int i = 0; i < draft.numbers().size(); i++) {
            numbers[i] = draft.numbers().get(i);
        }
        params.float32(numbers).int32Array(program.operations(), ExpressionDraft.OPERATIONS);
        params.int32(draft.size(), draft.leaves().size(), draft.operations(), results.size(), rank);
        params.int32Array(behind(walk.shape()), AXES);
        params.int32Array(behind(Arrays.stream(walk.shape()).map(Chain32::magic).toArray()), AXES);
        params.int32Array(
                behind(Arrays.stream(walk.shape()).map(n -> bits(n) - 1).toArray()), AXES);
        return params.int32(reduction);
    }

    /** Bits of the largest index of an axis. */
    static int bits(int length) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(length - 1);
    }

    /** What an index below 2^31 is multiplied by, to be divided by a length from two on (Granlund and Montgomery 1994). */
    static int magic(int length) {
        return (int) ((1L << (31 + bits(length))) / length + 1);
    }

    /** Leaves and results are structures of 48 bytes. */
    private static void pad(Params params, int structures) {
        for (int i = 0; i < structures; i++) {
            params.slot(null).slot(null).int32Array(new int[0], 8);
        }
    }

    /** The kernel's last axis is always the last. */
    private static int[] behind(int[] lengths) {
        int[] placed = new int[AXES];
        System.arraycopy(lengths, 0, placed, AXES - lengths.length, lengths.length);
        return placed;
    }
}
