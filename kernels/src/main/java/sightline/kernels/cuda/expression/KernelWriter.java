package sightline.kernels.cuda.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import sightline.kernels.cuda.expression.Ptx.Bank;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Packed;

/** What the kernels around an expression have in common. */
abstract class KernelWriter {
    static final int BLOCK = 256;
    static final int WARP = 32;
    static final int MOST_PLACES = 4;
    private static final int GROUP = Packed.GROUP;
    private static final int MEAN = 1;
    /** Bytes that a thread has under way, about. */
    private static final int UNDER_WAY = 64;

    final ExpressionDraft draft;
    final List<ExpressionResult> results;
    final ExpressionCompiler compiler;
    final Ptx ptx;
    /** Neighbours computed at once. */
    final int width;

    /**
     * @param cuts the axis at which each index begins
     * @param stored results that are stored elementwise
     */
    KernelWriter(ExpressionDraft draft, int[] cuts, List<ExpressionResult> results, List<ExpressionResult> stored) {
        this.draft = draft;
        this.results = results;
        this.compiler = new ExpressionCompiler(draft, cuts, stored);
        this.ptx = compiler.ptx();
        this.width = compiler.width();
    }

    private boolean eight() {
        return results.stream().anyMatch(result -> result.kind() == ExpressionResult.PACKED)
                || draft.leaves().stream().anyMatch(leaf -> leaf.strides() == null);
    }

    ExpressionKernel kernel(String interpreter, String declarations, Grid grid) {
        ptx.line("ret");
        return ExpressionKernel.of(interpreter, ptx.text(declarations), eight(), grid, BLOCK);
    }

    /** Places whose loads a thread has under way at once. */
    int places(int most) {
        return Math.clamp(UNDER_WAY / Math.max(1, compiler.loaded()), 1, most);
    }

    String special(String name) {
        return ptx.word("mov.u32", name);
    }

    void leave(String truth, String label) {
        ptx.where(truth, () -> ptx.line("bra " + label));
    }

    /**
     * Computes elements and joins them with totals.
     *
     * @param which index goes on
     * @param step by so much from place to place
     * @param limit above which there is nothing; null where there is all
     */
    void join(String[] totals, PtxPlace first, int which, int step, int count, String limit, int op) {
        List<PtxPlace> places = IntStream.range(0, count)
                .mapToObj(i -> first.further(ptx, which, i * step))
                .toList();
        List<String> valid = new ArrayList<>();
        for (PtxPlace place : places) {
            valid.add(limit == null ? null : ptx.truth("setp.lt.s32", place.index()[which], limit));
        }
        List<ExpressionElements> elements = compiler.load(places, valid);
        for (int i = 0; i < count; i++) {
            String[] numbers = elements.get(i).each(results.getFirst().source());
            ptx.where(valid.get(i), () -> {
                for (int e = 0; e < width; e++) {
                    ptx.into(totals[e], joining(op), totals[e], numbers[e]);
                }
            });
        }
    }

    static String start(int op) {
        return Ptx.literal(op == 2 ? Float.NEGATIVE_INFINITY : op == 3 ? Float.POSITIVE_INFINITY : 0);
    }

    String[] totals(int op) {
        String start = start(op);
        return IntStream.range(0, width)
                .mapToObj(i -> ptx.number("mov.f32", start))
                .toArray(String[]::new);
    }

    /** By the code of a reduction's kind. */
    static String joining(int op) {
        return op == 2 ? "max.NaN.f32" : op == 3 ? "min.NaN.f32" : "add.f32";
    }

    String joined(String a, String b, int op) {
        return ptx.number(joining(op), a, b);
    }

    String mean(String total, int count, int op) {
        return op == MEAN ? ptx.number("div.rn.f32", total, Ptx.literal(count)) : total;
    }

    String exchanged(String number, int mask) {
        return ptx.number("shfl.sync.bfly.b32", number, mask, 31, "0xffffffff");
    }

    /** Codes and their scale, which threads side by side find together. */
    void pack(
            ExpressionElements elements,
            ExpressionResult result,
            String to,
            String scales,
            String index,
            String valid) {
        String[] numbers = elements.each(result.source());
        String most = ptx.number("abs.f32", numbers[0]);
        for (int i = 1; i < width; i++) {
            most = ptx.number("max.NaN.f32", most, ptx.number("abs.f32", numbers[i]));
        }
        for (int mask = 1; mask < GROUP / width; mask *= 2) {
            most = ptx.number("max.NaN.f32", most, exchanged(most, mask));
        }
        String scale = compiler.math()
                .product(compiler.math().sum(most, Ptx.literal(1e-10f)), Ptx.literal((float) (1. / 448.)));
        String inverse = ptx.number("rcp.rn.f32", scale);
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < width; i += 2) {
            codes.add(ptx.make(
                    Bank.HALF,
                    "cvt.rn.satfinite.e4m3x2.f32",
                    quotient(numbers[i + 1], scale, inverse),
                    quotient(numbers[i], scale, inverse)));
        }
        List<String> words = IntStream.range(0, width / 4)
                .mapToObj(i -> ptx.word("mov.b32", Ptx.braced(codes.subList(2 * i, 2 * i + 2))))
                .toList();
        String at = ptx.make(Bank.ADDRESS, "mad.wide.s32", index, 1, to);
        ptx.where(
                valid,
                () -> ptx.line(
                        words.size() == 1
                                ? "st.global.b32 [" + at + "], " + words.getFirst()
                                : "st.global.v2.b32 [" + at + "], " + Ptx.braced(words)));
        String stored = ptx.make(Bank.HALF, "cvt.rn.bf16.f32", scale);
        String where = ptx.make(Bank.ADDRESS, "mad.wide.s32", ptx.word("shr.u32", index, 4), 2, scales);
        String mine = ptx.truth("setp.eq.u32", ptx.word("and.b32", index, GROUP - 1), 0);
        String both = valid == null ? mine : ptx.truth("and.pred", mine, valid);
        ptx.where(both, () -> ptx.line("st.global.b16 [" + where + "], " + stored));
    }

    /**
     * A quotient rounded once, by the divisor's rounded reciprocal and what that leaves too much (Markstein 1990); zero keeps its
     * sign.
     */
    private String quotient(String number, String divisor, String inverse) {
        String near = compiler.math().product(number, inverse);
        String over = ptx.number("fma.rn.f32", near, divisor, ptx.number("neg.f32", number));
        return ptx.number("fma.rn.f32", over, ptx.number("neg.f32", inverse), near);
    }
}
