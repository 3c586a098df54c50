package sightline.kernels.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import sightline.kernels.cuda.ExpressionCompiler.Elements;
import sightline.kernels.cuda.ExpressionCompiler.Place;
import sightline.kernels.cuda.ExpressionDraft.Result;
import sightline.kernels.cuda.Launch.Grid;
import sightline.kernels.cuda.Ptx.Bank;

/**
 * The kernels around an expression, as chain.cu has them: stored elementwise, some of it packed perhaps, summed along rows, or
 * down columns. Written for what is known when a graph is compiled: nothing is asked at run time that shapes answer.
 */
final class ExpressionKernels {
    private static final int BLOCK = 256;
    private static final int WARP = 32;
    private static final int LINES = BLOCK / WARP;
    /** Bytes that a thread has under way, about. */
    private static final int UNDER_WAY = 64;

    private static final int MOST_PLACES = 4;
    /** Blocks that fill the devices that we know, at least. */
    private static final int MANY_BLOCKS = 528;

    private static final int GROUP = EightBits32.GROUP;
    private static final String PARTIAL = "partial";
    private static final int MEAN = 1;

    private final ExpressionDraft draft;
    private final List<Result> results;
    private final ExpressionCompiler compiler;
    private final Ptx ptx;
    private final int width;

    private ExpressionKernels(ExpressionDraft draft, int[] cuts, List<Result> results, List<Result> stored) {
        this.draft = draft;
        this.results = results;
        this.compiler = new ExpressionCompiler(draft, cuts, stored);
        this.ptx = compiler.ptx();
        this.width = compiler.width();
    }

    /** Whether all of an expression can be written as PTX. */
    private static boolean writes(ExpressionDraft draft, List<Result> results) {
        return PtxMath.writes(draft.made())
                && draft.leaves().stream().allMatch(leaf -> near(leaf.base()))
                && results.stream().allMatch(result -> near(result.base()));
    }

    private static boolean near(int base) {
        return 4L * base < Integer.MAX_VALUE;
    }

    /** Stores an expression; null where that is left to the interpreter. */
    static ExpressionKernel map(ExpressionDraft draft, List<Result> results) {
        return writes(draft, results) ? new ExpressionKernels(draft, new int[] {0}, results, results).map() : null;
    }

    /**
     * Sums it along trailing axes.
     *
     * @param axis the first of them
     */
    static ExpressionKernel rows(ExpressionDraft draft, List<Result> result, int axis, int rows, int columns, int op) {
        return writes(draft, result)
                ? new ExpressionKernels(draft, new int[] {0, axis}, result, List.of()).rows(rows, columns, op)
                : null;
    }

    /**
     * Sums it down axes that lie between others, in pieces that are stored one behind the other.
     *
     * @param from the first of these axes
     * @param to the first one behind
     * @param lengths elements before, down and behind
     */
    static ExpressionKernel columns(
            ExpressionDraft draft, List<Result> result, int from, int to, int[] lengths, int pieces, int op) {
        return writes(draft, result)
                ? new ExpressionKernels(draft, new int[] {0, from, to}, result, List.of()).columns(lengths, pieces, op)
                : null;
    }

    private boolean eight() {
        return results.stream().anyMatch(result -> result.kind() == Result.PACKED)
                || draft.leaves().stream().anyMatch(leaf -> leaf.strides() == null);
    }

    private ExpressionKernel kernel(String interpreter, String declarations, Grid grid) {
        ptx.line("ret");
        return ExpressionKernel.of(interpreter, ptx.text(declarations), eight(), grid, BLOCK);
    }

    /** Places whose loads a thread has under way at once. */
    private int places(int most) {
        return Math.clamp(UNDER_WAY / Math.max(1, compiler.loaded()), 1, most);
    }

    private String special(String name) {
        return ptx.word("mov.u32", name);
    }

    // Elementwise.

    private ExpressionKernel map() {
        int n = draft.size();
        int places = Integer.highestOneBit(places(MOST_PLACES));
        while (places > 1 && n / (BLOCK * width * places) < MANY_BLOCKS) {
            places /= 2;
        }
        Grid grid = Grid.covering((n + width - 1) / width, BLOCK * places);
        boolean exact = (long) grid.x() * BLOCK * width * places == n;
        compiler.begin();
        String thread = ptx.word("mad.lo.s32", special("%ctaid.x"), BLOCK * places, special("%tid.x"));
        Place first = Place.at(ptx.word("shl.b32", thread, Integer.numberOfTrailingZeros(width)));
        List<Place> all = IntStream.range(0, places)
                .mapToObj(i -> first.further(ptx, 0, i * BLOCK * width))
                .toList();
        List<String> valid = new ArrayList<>();
        for (Place place : all) {
            valid.add(exact ? null : ptx.truth("setp.lt.s32", place.index()[0], n));
        }
        List<Elements> elements = compiler.load(all, valid);
        ptx.ending();
        for (int r = 0; r < results.size(); r++) {
            Result result = results.get(r);
            String to = compiler.result(r, false);
            String scales = result.kind() == Result.PACKED ? compiler.result(r, true) : null;
            for (int i = 0; i < places; i++) {
                if (scales != null) {
                    pack(elements.get(i), result, to, scales, all.get(i).index()[0], valid.get(i));
                } else {
                    elements.get(i).store(result, to, valid.get(i));
                }
            }
        }
        boolean packs = results.stream().anyMatch(result -> result.kind() == Result.PACKED);
        return kernel(packs ? "chain_pack" : "chain_map", "", grid);
    }

    /** Codes and their scale, which threads side by side find together. */
    private void pack(Elements elements, Result result, String to, String scales, String index, String valid) {
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
                .mapToObj(i -> ptx.word("mov.b32", ExpressionCompiler.braced(codes.subList(2 * i, 2 * i + 2))))
                .toList();
        String at = ptx.make(Bank.ADDRESS, "mad.wide.s32", index, 1, to);
        ptx.where(
                valid,
                () -> ptx.line(
                        words.size() == 1
                                ? "st.global.b32 [" + at + "], " + words.getFirst()
                                : "st.global.v2.b32 [" + at + "], " + ExpressionCompiler.braced(words)));
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

    private String exchanged(String number, int mask) {
        return ptx.number("shfl.sync.bfly.b32", number, mask, 31, "0xffffffff");
    }

    // Along rows.

    private ExpressionKernel rows(int rows, int columns, int op) {
        int lanes = Math.clamp(Integer.highestOneBit(Math.max(1, 2 * (columns / width) - 1)), 1, WARP);
        Grid grid = Grid.covering(rows, BLOCK / lanes);
        boolean exact = (long) grid.x() * (BLOCK / lanes) == rows;
        int stretch = lanes * width;
        int stretches = (columns + stretch - 1) / stretch;
        int places = places(MOST_PLACES);
        while (stretches % places != 0 && places > 1 && stretches > MOST_PLACES) {
            places--;
        }
        int count = Math.min(places, stretches);
        compiler.begin();
        String tid = special("%tid.x");
        String line = ptx.word("shr.u32", tid, Integer.numberOfTrailingZeros(lanes));
        String row = ptx.word("mad.lo.s32", special("%ctaid.x"), BLOCK / lanes, line);
        String inside = exact ? null : ptx.truth("setp.lt.s32", row, rows);
        String own = exact ? row : ptx.word("min.s32", row, rows - 1);
        String lane = ptx.word("and.b32", tid, lanes - 1);
        String column = ptx.word("shl.b32", lane, Integer.numberOfTrailingZeros(width));
        String[] totals = totals(op);
        // The last stretch may be but partly there.
        int whole = columns % stretch == 0 ? stretches : stretches - 1;
        int rounds = whole / count;
        if (rounds > 0) {
            String label = ptx.label();
            if (rounds > 1) {
                ptx.at(label);
            }
            join(totals, Place.at(own, column), 1, stretch, count, null, op);
            ptx.into(column, "add.s32", column, count * stretch);
            if (rounds > 1) {
                String more = ptx.truth("setp.lt.s32", column, rounds * count * stretch);
                ptx.where(more, () -> ptx.line("bra " + label));
            }
        }
        int rest = stretches - rounds * count;
        if (rest > 0) {
            String limit = whole == stretches ? null : String.valueOf(columns);
            join(totals, Place.at(own, column), 1, stretch, rest, limit, op);
        }
        ptx.ending();
        String total = totals[0];
        for (int half = width / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                totals[i] = joined(totals[i], totals[i + half], op);
            }
            total = totals[0];
        }
        for (int mask = 1; mask < lanes; mask *= 2) {
            total = joined(total, exchanged(total, mask), op);
        }
        String result = mean(total, columns, op);
        String to = ptx.make(Bank.ADDRESS, "mad.wide.s32", row, 4, compiler.result(0, false));
        String first = ptx.truth("setp.eq.u32", lane, 0);
        String writes = inside == null ? first : ptx.truth("and.pred", first, inside);
        ptx.where(writes, () -> ptx.line("st.global.f32 [" + to + "], " + result));
        return kernel("chain_rows", "", grid);
    }

    /**
     * Computes elements and joins them with totals.
     *
     * @param which index goes on
     * @param step by so much from place to place
     * @param limit above which there is nothing; null where there is all
     */
    private void join(String[] totals, Place first, int which, int step, int count, String limit, int op) {
        List<Place> places = IntStream.range(0, count)
                .mapToObj(i -> first.further(ptx, which, i * step))
                .toList();
        List<String> valid = new ArrayList<>();
        for (Place place : places) {
            valid.add(limit == null ? null : ptx.truth("setp.lt.s32", place.index()[which], limit));
        }
        List<Elements> elements = compiler.load(places, valid);
        for (int i = 0; i < count; i++) {
            String[] numbers = elements.get(i).each(results.getFirst().source());
            ptx.where(valid.get(i), () -> {
                for (int e = 0; e < width; e++) {
                    ptx.into(totals[e], joining(op), totals[e], numbers[e]);
                }
            });
        }
    }

    private static String start(int op) {
        return Ptx.literal(op == 2 ? Float.NEGATIVE_INFINITY : op == 3 ? Float.POSITIVE_INFINITY : 0);
    }

    private String[] totals(int op) {
        String start = start(op);
        return IntStream.range(0, width)
                .mapToObj(i -> ptx.number("mov.f32", start))
                .toArray(String[]::new);
    }

    /** By the code of a reduction's kind. */
    private static String joining(int op) {
        return op == 2 ? "max.NaN.f32" : op == 3 ? "min.NaN.f32" : "add.f32";
    }

    private String joined(String a, String b, int op) {
        return ptx.number(joining(op), a, b);
    }

    private String mean(String total, int count, int op) {
        return op == MEAN ? ptx.number("div.rn.f32", total, Ptx.literal(count)) : total;
    }

    // Down columns.

    private ExpressionKernel columns(int[] lengths, int pieces, int op) {
        int outer = lengths[0];
        int rows = lengths[1];
        int columns = lengths[2];
        int tile = WARP * width;
        int share = (rows + pieces - 1) / pieces;
        Grid grid = new Grid((columns + tile - 1) / tile, outer, pieces);
        compiler.begin();
        String tid = special("%tid.x");
        String lane = ptx.word("and.b32", tid, WARP - 1);
        String line = ptx.word("shr.u32", tid, Integer.numberOfTrailingZeros(WARP));
        String matrix = special("%ctaid.y");
        String piece = special("%ctaid.z");
        String corner = ptx.word("mul.lo.s32", special("%ctaid.x"), tile);
        String column = ptx.word("mad.lo.s32", lane, width, corner);
        String from = ptx.word("mul.lo.s32", piece, share);
        String to = ptx.word("min.s32", ptx.word("add.s32", from, share), rows);
        String row = ptx.word("add.s32", from, line);
        String[] totals = totals(op);
        String done = ptx.label();
        if (columns % tile != 0) {
            leave(ptx.truth("setp.ge.s32", column, columns), done);
        }
        int places = Math.min(places(MOST_PLACES), Math.max(1, share / LINES));
        for (int count : places == 1 ? new int[] {1} : new int[] {places, 1}) {
            String again = ptx.label();
            String over = count == 1 ? done : ptx.label();
            ptx.at(again);
            String last = count == 1 ? row : ptx.word("add.s32", row, (count - 1) * LINES);
            leave(ptx.truth("setp.ge.s32", last, to), over);
            join(totals, Place.at(matrix, row, column), 1, LINES, count, null, op);
            ptx.into(row, "add.s32", row, count * LINES);
            ptx.line("bra " + again);
            if (count > 1) {
                ptx.at(over);
            }
        }
        ptx.at(done);
        ptx.ending();
        Columns all = new Columns(tile, outer, columns, rows, op, tid, lane, line, corner, matrix);
        String own = ptx.word("mad.lo.s32", matrix, columns, corner);
        if (pieces == 1) {
            all.gather(totals, own, compiler.result(0, false), true);
        } else {
            String partial = compiler.result(1, false);
            all.gather(totals, ptx.word("mad.lo.s32", piece, outer * columns, own), partial, false);
            String end = ptx.label();
            all.leaveUnlessLast(pieces, end);
            all.join(totals, ptx.word("mad.lo.s32", lane, width, own), partial, pieces);
            all.gather(totals, own, compiler.result(0, false), true);
            ptx.at(end);
        }
        String declarations = ".shared .align 16 .b8 " + PARTIAL + "[" + 4 * LINES * tile + "];\n";
        return kernel("chain_columns", declarations, grid);
    }

    /** What a block of columns does once its warps have their sums. */
    private final class Columns {
        private final int tile;
        private final int outer;
        private final int columns;
        private final int rows;
        private final int op;
        private final String tid;
        private final String lane;
        private final String line;
        private final String corner;
        private final String matrix;

        Columns(
                int tile,
                int outer,
                int columns,
                int rows,
                int op,
                String tid,
                String lane,
                String line,
                String corner,
                String matrix) {
            this.tile = tile;
            this.outer = outer;
            this.columns = columns;
            this.rows = rows;
            this.op = op;
            this.tid = tid;
            this.lane = lane;
            this.line = line;
            this.corner = corner;
            this.matrix = matrix;
        }

        /** A thread a column joins what the warps have of it, and stores that behind an element. */
        void gather(String[] totals, String first, String pointer, boolean whole) {
            String shared = ptx.word("mov.u32", PARTIAL);
            String mine = ptx.word("mad.lo.s32", tid, 4 * width, shared);
            for (int at = 0; at < width; at += 4) {
                ptx.line("st.shared.v4.f32 [" + mine + "+" + 4 * at + "], "
                        + ExpressionCompiler.braced(List.of(totals).subList(at, at + 4)));
            }
            ptx.line("bar.sync 0");
            String stored = ptx.label();
            leaveOutside(tid, stored);
            String column = ptx.word("mad.lo.s32", tid, 4, shared);
            List<String> parts = IntStream.range(0, LINES)
                    .mapToObj(l -> ptx.number("ld.shared.f32", "[" + column + "+" + 4 * l * tile + "]"))
                    .toList();
            String total = parts.getFirst();
            for (String part : parts.subList(1, LINES)) {
                total = joined(total, part, op);
            }
            String result = whole ? mean(total, rows, op) : total;
            String to = ptx.make(Bank.ADDRESS, "mad.wide.s32", ptx.word("add.s32", first, tid), 4, pointer);
            ptx.line("st.global.f32 [" + to + "], " + result);
            ptx.at(stored);
        }

        /** Threads that have no column of a block's leave. */
        private void leaveOutside(String thread, String label) {
            if (tile < BLOCK) {
                leave(ptx.truth("setp.ge.s32", thread, tile), label);
            }
            if (columns % tile != 0) {
                leave(ptx.truth("setp.ge.s32", ptx.word("add.s32", corner, thread), columns), label);
            }
        }

        /** All blocks of these columns leave but the one that stores its piece last. */
        void leaveUnlessLast(int pieces, String end) {
            String left = compiler.result(1, true);
            int tiles = (columns + tile - 1) / tile;
            String stretch = ptx.word("mad.lo.s32", matrix, tiles, special("%ctaid.x"));
            String counter = ptx.make(Bank.ADDRESS, "mad.wide.s32", stretch, 4, left);
            String shared = ptx.word("mov.u32", PARTIAL);
            ptx.line("fence.acq_rel.gpu");
            ptx.line("bar.sync 0");
            ptx.where(ptx.truth("setp.eq.u32", tid, 0), () -> {
                String before = ptx.word("atom.global.inc.u32", "[" + counter + "]", pieces - 1);
                ptx.line("st.shared.b32 [" + shared + "], " + before);
            });
            ptx.line("bar.sync 0");
            String before = ptx.word("ld.shared.b32", "[" + shared + "]");
            leave(ptx.truth("setp.lt.u32", before, pieces - 1), end);
            ptx.line("fence.acq_rel.gpu");
            ptx.line("bar.sync 0");
        }

        /** Each warp joins every eighth piece. */
        void join(String[] totals, String first, String pointer, int pieces) {
            String start = start(op);
            for (String total : totals) {
                ptx.into(total, "mov.f32", start);
            }
            String joined = ptx.label();
            if (columns % tile != 0) {
                String column = ptx.word("mad.lo.s32", lane, width, corner);
                leave(ptx.truth("setp.ge.s32", column, columns), joined);
            }
            String at = ptx.word("mad.lo.s32", line, outer * columns, first);
            String address = ptx.make(Bank.ADDRESS, "mad.wide.s32", at, 4, pointer);
            long step = 4L * LINES * outer * columns;
            for (int turn = 0; turn * LINES < pieces; turn += MOST_PLACES) {
                List<String> there = new ArrayList<>();
                List<List<String>> parts = new ArrayList<>();
                for (int i = turn; i < turn + MOST_PLACES && i * LINES < pieces; i++) {
                    boolean all = (i + 1) * LINES <= pieces;
                    String valid = all ? null : ptx.truth("setp.lt.s32", line, pieces - i * LINES);
                    String from = i == 0 ? address : ptx.make(Bank.ADDRESS, "add.s64", address, i * step);
                    List<String> part = new ArrayList<>();
                    for (int k = 0; k < width; k += 4) {
                        List<String> four = IntStream.range(0, 4)
                                .mapToObj(e -> ptx.fresh(Bank.FLOAT))
                                .toList();
                        int bytes = 4 * k;
                        ptx.where(
                                valid,
                                () -> ptx.into(
                                        ExpressionCompiler.braced(four),
                                        "ld.global.v4.f32",
                                        "[" + from + "+" + bytes + "]"));
                        part.addAll(four);
                    }
                    there.add(valid);
                    parts.add(part);
                }
                for (int i = 0; i < parts.size(); i++) {
                    List<String> part = parts.get(i);
                    ptx.where(there.get(i), () -> {
                        for (int e = 0; e < width; e++) {
                            ptx.into(totals[e], joining(op), totals[e], part.get(e));
                        }
                    });
                }
            }
            ptx.at(joined);
        }
    }

    private void leave(String truth, String label) {
        ptx.where(truth, () -> ptx.line("bra " + label));
    }
}
