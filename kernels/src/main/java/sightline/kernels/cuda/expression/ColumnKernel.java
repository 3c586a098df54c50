package sightline.kernels.cuda.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import sightline.kernels.cuda.expression.Ptx.Bank;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Launch.Grid;

/**
 * Reduces an expression down axes between others: what chain_columns is where it interprets. A block takes neighbouring columns
 * and a piece of their rows, a row a warp; the block that is last to leave a piece of its columns joins them, always in the same
 * order.
 */
final class ColumnKernel extends KernelWriter {
    private static final int LINES = BLOCK / WARP;
    private static final String PARTIAL = "partial";

    private final int outer;
    private final int rows;
    private final int columns;
    private final int tile;
    private final int op;
    private String tid;
    private String lane;
    private String line;
    private String corner;
    private String matrix;

    /**
     * @param from the first axis that is reduced
     * @param to the first one behind
     * @param lengths elements before, down and behind
     */
    ColumnKernel(ExpressionDraft draft, List<ExpressionResult> result, int from, int to, int[] lengths, int op) {
        super(draft, new int[] {0, from, to}, result, List.of());
        this.outer = lengths[0];
        this.rows = lengths[1];
        this.columns = lengths[2];
        this.tile = WARP * width;
        this.op = op;
    }

    ExpressionKernel write(int pieces) {
        int share = (rows + pieces - 1) / pieces;
        Grid grid = new Grid((columns + tile - 1) / tile, outer, pieces);
        compiler.begin();
        tid = special("%tid.x");
        lane = ptx.word("and.b32", tid, WARP - 1);
        line = ptx.word("shr.u32", tid, Integer.numberOfTrailingZeros(WARP));
        matrix = special("%ctaid.y");
        String piece = special("%ctaid.z");
        corner = ptx.word("mul.lo.s32", special("%ctaid.x"), tile);
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
            join(totals, PtxPlace.at(matrix, row, column), 1, LINES, count, null, op);
            ptx.into(row, "add.s32", row, count * LINES);
            ptx.line("bra " + again);
            if (count > 1) {
                ptx.at(over);
            }
        }
        ptx.at(done);
        String own = ptx.word("mad.lo.s32", matrix, columns, corner);
        if (pieces == 1) {
            gather(totals, own, compiler.result(0, false), true);
        } else {
            String partial = compiler.result(1, false);
            gather(totals, ptx.word("mad.lo.s32", piece, outer * columns, own), partial, false);
            String end = ptx.label();
            leaveUnlessLast(pieces, end);
            joinPieces(totals, ptx.word("mad.lo.s32", lane, width, own), partial, pieces);
            gather(totals, own, compiler.result(0, false), true);
            ptx.at(end);
        }
        String declarations = ".shared .align 16 .b8 " + PARTIAL + "[" + 4 * LINES * tile + "];\n";
        return kernel("chain_columns", declarations, grid);
    }

    /** A thread a column joins what the warps have of it, and stores that behind an element. */
    private void gather(String[] totals, String first, String pointer, boolean whole) {
        String shared = ptx.word("mov.u32", PARTIAL);
        String mine = ptx.word("mad.lo.s32", tid, 4 * width, shared);
        for (int at = 0; at < width; at += 4) {
            ptx.line("st.shared.v4.f32 [" + mine + "+" + 4 * at + "], "
                    + Ptx.braced(List.of(totals).subList(at, at + 4)));
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
    private void leaveUnlessLast(int pieces, String end) {
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
    private void joinPieces(String[] totals, String first, String pointer, int pieces) {
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
                            () -> ptx.into(Ptx.braced(four), "ld.global.v4.f32", "[" + from + "+" + bytes + "]"));
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
