package sightline.kernels.cuda.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sightline.kernels.cuda.expression.Ptx.Bank;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Strided;

/**
 * Computes elements of an expression in the registers of a kernel: neighbours by accesses of up to 16 bytes, the loads of all
 * leaves ahead of everything else. What is the same for neighbours (a row's mean, a channel's scale) is computed once for them.
 */
final class ExpressionCompiler {
    private static final int WIDE = 8;
    private static final int FOUR = 4;
    private static final int STRUCTURE = 48;
    private static final int PAIR = 16;

    private final Ptx ptx = new Ptx();
    private final PtxMath math = new PtxMath(ptx);
    private final ExpressionDraft draft;
    /** Where an axis begins that is counted by another index; 0 first. */
    private final int[] cuts;

    private final int width;
    private final boolean[] runs;
    private final String[] pointers;
    private final String[] scalePointers;
    /** What is the same along a row, by the draft's registers; filled while a kernel is written. */
    private final Map<Integer, String[]> rows = new HashMap<>();

    /**
     * @param cuts the axis at which each index begins, 0 first
     * @param results that are stored elementwise
     */
    ExpressionCompiler(ExpressionDraft draft, int[] cuts, List<ExpressionResult> results) {
        this.draft = draft;
        this.cuts = cuts;
        this.pointers = new String[draft.leaves().size()];
        this.scalePointers = new String[draft.leaves().size()];
        int last = cuts.length - 1;
        List<int[]> all = new ArrayList<>();
        draft.leaves().forEach(leaf -> all.add(strides(leaf)));
        results.forEach(result -> all.add(result.strides()));
        Strided walk = Strided.of(
                part(draft.shape(), last), all.stream().map(s -> part(s, last)).toArray(int[][]::new));
        this.runs = new boolean[draft.leaves().size()];
        for (int leaf = 0; leaf < runs.length; leaf++) {
            runs[leaf] = walk.strides()[leaf][walk.last()] == 1;
        }
        int[] bases = Stream.concat(
                        draft.leaves().stream().map(ExpressionLeaf::base),
                        results.stream().map(ExpressionResult::base))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean eight = narrow(results)
                && walk.by(WIDE)
                && IntStream.range(0, all.size()).allMatch(i -> aligned(i, all.get(i), bases[i]));
        this.width = eight ? WIDE : FOUR;
    }

    Ptx ptx() {
        return ptx;
    }

    PtxMath math() {
        return math;
    }

    ExpressionDraft draft() {
        return draft;
    }

    /** Indexes that a kernel counts. */
    int indexes() {
        return cuts.length;
    }

    /** Whether a leaf's elements lie side by side where neighbours are computed, or it has one for all of them. */
    boolean runs(int leaf) {
        return runs[leaf];
    }

    String pointer(int leaf) {
        return pointers[leaf];
    }

    String scales(int leaf) {
        return scalePointers[leaf];
    }

    /** What is the same along a row, by the draft's registers. */
    Map<Integer, String[]> rows() {
        return rows;
    }

    /** Neighbours that are computed at once. */
    int width() {
        return width;
    }

    /** Whether nothing of the array's size is float32, so that eight neighbours are an access. */
    private boolean narrow(List<ExpressionResult> results) {
        boolean leaves = IntStream.range(0, runs.length).allMatch(i -> {
            ExpressionLeaf leaf = draft.leaves().get(i);
            return leaf.strides() == null || leaf.narrow() || leaf.bytes(draft.shape()) <= 1;
        });
        return leaves && results.stream().noneMatch(result -> result.kind() == 0);
    }

    /** Whether all runs of eight neighbours begin at multiples of eight. */
    private boolean aligned(int operand, int[] strides, int base) {
        return operand < runs.length && !runs[operand]
                || base % WIDE == 0
                        && IntStream.range(0, cuts[cuts.length - 1])
                                .allMatch(axis -> draft.shape()[axis] == 1 || strides[axis] % WIDE == 0);
    }

    int[] strides(ExpressionLeaf leaf) {
        return leaf.strides() == null ? Array32.stridesOf(draft.shape()) : leaf.strides();
    }

    /** Of values by axis, those of the axes that an index counts. */
    int[] part(int[] byAxis, int index) {
        return Arrays.copyOfRange(byAxis, cuts[index], index + 1 < cuts.length ? cuts[index + 1] : byAxis.length);
    }

    /** Bytes that computing all neighbours once loads, of arrays that have them all. */
    int loaded() {
        return IntStream.range(0, runs.length)
                .filter(leaf -> runs[leaf])
                .map(leaf -> width * size(draft.leaves().get(leaf)))
                .sum();
    }

    static int size(ExpressionLeaf leaf) {
        return leaf.strides() == null ? 1 : leaf.narrow() ? 2 : 4;
    }

    /** Reads the pointers that a launch brings; ahead of all else. */
    void begin() {
        for (int leaf = 0; leaf < pointers.length; leaf++) {
            pointers[leaf] = pointer(leaf, false);
            if (draft.leaves().get(leaf).strides() == null) {
                scalePointers[leaf] = pointer(leaf, true);
            }
        }
    }

    String result(int which, boolean scales) {
        return pointer((draft.byRows() ? draft.leaves().size() : ExpressionKernel.LEAVES) + which, scales);
    }

    /** Of leaves and results by rows there are pairs of pointers alone, else structures as chain.cu has them. */
    private String pointer(int which, boolean scales) {
        return given((draft.byRows() ? PAIR : STRUCTURE) * which + (scales ? 8 : 0));
    }

    private String given(int at) {
        String given = ptx.make(Bank.ADDRESS, "ld.param.u64", "[given+" + at + "]");
        return ptx.make(Bank.ADDRESS, "cvta.to.global.u64", given);
    }

    /** Places whose loads are under way together, and what then is in registers there. */
    List<ExpressionElements> load(List<PtxPlace> places, List<String> valid) {
        List<ExpressionElements> all = elements(places, valid);
        for (ExpressionElements elements : all) {
            IntStream.range(0, runs.length).forEach(elements::fetch);
        }
        return all;
    }

    /** The same with nothing loaded yet. */
    List<ExpressionElements> elements(List<PtxPlace> places, List<String> valid) {
        List<ExpressionElements> all = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            PtxPlace place = places.get(i);
            all.add(new ExpressionElements(this, place, place.from() == null ? null : all.getFirst(), valid.get(i)));
        }
        return all;
    }

    /** Tells what a row's sum is. */
    void row(int register, String sum) {
        rows.put(register, new String[] {sum});
    }
}
