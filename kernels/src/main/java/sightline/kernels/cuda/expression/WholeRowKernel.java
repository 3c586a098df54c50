package sightline.kernels.cuda.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sightline.kernels.cuda.expression.ExpressionDraft.Made;
import sightline.kernels.cuda.expression.Ptx.Bank;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Launch.Grid;

/**
 * Stores an expression of which sums along its own rows are a part, as norms and their gradients are: a warp keeps a whole row in
 * registers, so that what it is made of is read once, however many sums there are one behind the other.
 */
public final class WholeRowKernel extends KernelWriter {
    /** A row's stretches, each of which a warp has in a register or four a thread. */
    private static final int MOST_STRETCHES = 12;

    /** Stretches that are loaded together once all sums are known, while as many before are computed. */
    private static final int AHEAD = 3;

    private final int rows;
    private final int columns;

    WholeRowKernel(ExpressionDraft draft, List<ExpressionResult> results) {
        super(
                draft,
                new int[] {0, draft.shape().length - 1},
                results,
                results.stream().filter(r -> !draft.alongRows(r.source())).toList());
        this.columns = draft.shape()[draft.shape().length - 1];
        this.rows = draft.size() / columns;
    }

    /** Whether a warp has room for rows of that length. */
    public static boolean holds(int columns) {
        return columns % 4 == 0 && columns >= 4 * WARP && columns <= 4 * WARP * MOST_STRETCHES;
    }

    ExpressionKernel write() {
        Grid grid = Grid.covering(rows, BLOCK / WARP);
        boolean exact = rows % (BLOCK / WARP) == 0;
        int stretch = WARP * width;
        int stretches = (columns + stretch - 1) / stretch;
        compiler.begin();
        String tid = special("%tid.x");
        String line = ptx.word("shr.u32", tid, Integer.numberOfTrailingZeros(WARP));
        String row = ptx.word("mad.lo.s32", special("%ctaid.x"), BLOCK / WARP, line);
        String inside = exact ? null : ptx.truth("setp.lt.s32", row, rows);
        String own = exact ? row : ptx.word("min.s32", row, rows - 1);
        String lane = ptx.word("and.b32", tid, WARP - 1);
        PtxPlace first = PtxPlace.at(own, ptx.word("shl.b32", lane, Integer.numberOfTrailingZeros(width)));
        List<PtxPlace> places = IntStream.range(0, stretches)
                .mapToObj(i -> first.further(ptx, 1, i * stretch))
                .toList();
        List<String> valid = new ArrayList<>();
        for (int i = 0; i < stretches; i++) {
            boolean whole = (i + 1) * stretch <= columns;
            valid.add(whole ? null : ptx.truth("setp.lt.s32", places.get(i).index()[1], columns));
        }
        List<ExpressionElements> all = compiler.elements(places, valid);
        int depth = results.stream()
                .mapToInt(result -> draft.depth(result.source()))
                .max()
                .orElse(0);
        for (int stage = 1; stage <= depth; stage++) {
            sums(stage, all, valid);
            all.forEach(ExpressionElements::forget);
        }
        Set<Integer> sources = results.stream().map(ExpressionResult::source).collect(Collectors.toSet());
        String linear = ptx.word("mad.lo.s32", own, columns, first.index()[1]);
        fetch(all.subList(0, Math.min(AHEAD, stretches)), sources);
        for (int i = 0; i < stretches; i++) {
            if (i % AHEAD == 0) {
                fetch(all.subList(Math.min(i + AHEAD, stretches), Math.min(i + 2 * AHEAD, stretches)), sources);
            }
            String index = i == 0 ? linear : ptx.word("add.s32", linear, i * stretch);
            String writes = both(inside, valid.get(i));
            for (int r = 0; r < results.size(); r++) {
                store(all.get(i), r, index, writes);
            }
        }
        String once = both(inside, ptx.truth("setp.eq.u32", lane, 0));
        for (int r = 0; r < results.size(); r++) {
            if (draft.alongRows(results.get(r).source())) {
                String number = all.getFirst().read(results.get(r).source())[0];
                String to = ptx.make(Bank.ADDRESS, "mad.wide.s32", row, 4, compiler.result(r, false));
                ptx.where(once, () -> ptx.line("st.global.f32 [" + to + "], " + number));
            }
        }
        return kernel("chain_norm", "", grid);
    }

    private void store(ExpressionElements elements, int which, String index, String valid) {
        ExpressionResult result = results.get(which);
        if (draft.alongRows(result.source())) {
            return;
        }
        String to = compiler.result(which, false);
        if (result.kind() == ExpressionResult.PACKED) {
            pack(elements, result, to, compiler.result(which, true), index, valid);
        } else {
            elements.store(result, to, valid);
        }
    }

    /** Sums that need so many others first, one less than the stage. */
    private void sums(int stage, List<ExpressionElements> all, List<String> valid) {
        List<Integer> sums = IntStream.range(0, draft.made().size())
                .filter(i -> ExpressionDraft.sums(draft.made().get(i)))
                .mapToObj(i -> ExpressionDraft.MADE + i)
                .filter(register -> draft.depth(register) == stage)
                .toList();
        fetch(all, sums.stream().map(register -> made(register).first()).collect(Collectors.toSet()));
        List<String[]> totals = sums.stream()
                .map(register -> totals(made(register).code() - ExpressionDraft.ROWS))
                .toList();
        for (int i = 0; i < all.size(); i++) {
            for (int s = 0; s < sums.size(); s++) {
                Made sum = made(sums.get(s));
                String[] numbers = all.get(i).each(sum.first());
                String[] total = totals.get(s);
                ptx.where(valid.get(i), () -> {
                    for (int e = 0; e < width; e++) {
                        ptx.into(total[e], joining(sum.code() - ExpressionDraft.ROWS), total[e], numbers[e]);
                    }
                });
            }
        }
        for (int s = 0; s < sums.size(); s++) {
            int op = made(sums.get(s)).code() - ExpressionDraft.ROWS;
            String[] parts = totals.get(s);
            while (parts.length > 1) {
                String[] longer = parts;
                int half = parts.length / 2;
                parts = IntStream.range(0, half)
                        .mapToObj(i -> joined(longer[i], longer[i + half], op))
                        .toArray(String[]::new);
            }
            String total = parts[0];
            for (int mask = 1; mask < WARP; mask *= 2) {
                total = joined(total, exchanged(total, mask), op);
            }
            compiler.row(sums.get(s), mean(total, columns, op));
        }
    }

    /** Loads what registers are made of, all that is large first. */
    private void fetch(List<ExpressionElements> all, Set<Integer> registers) {
        Set<Integer> leaves = new TreeSet<>();
        registers.forEach(register -> leaves.addAll(draft.reads(register)));
        for (boolean large : new boolean[] {true, false}) {
            for (int leaf : leaves) {
                if (draft.leaves().get(leaf).bytes(draft.shape()) >= 1 == large) {
                    List<ExpressionElements> places =
                            draft.alongRows(leaf) ? all.subList(0, Math.min(1, all.size())) : all;
                    places.forEach(place -> place.fetch(leaf));
                }
            }
        }
    }

    private Made made(int register) {
        return draft.made().get(register - ExpressionDraft.MADE);
    }

    private String both(String one, String other) {
        return one == null ? other : other == null ? one : ptx.truth("and.pred", one, other);
    }
}
