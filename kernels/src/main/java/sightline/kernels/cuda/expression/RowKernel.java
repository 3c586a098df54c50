package sightline.kernels.cuda.expression;

import java.util.List;
import sightline.kernels.cuda.expression.Ptx.Bank;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Launch.Grid;

/** Reduces an expression along rows, as many lanes to one as it fills: what chain_rows is where it interprets. */
final class RowKernel extends KernelWriter {
    RowKernel(ExpressionDraft draft, List<ExpressionResult> result, int axis) {
        super(draft, new int[] {0, axis}, result, List.of());
    }

    ExpressionKernel write(int rows, int columns, int op) {
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
            join(totals, PtxPlace.at(own, column), 1, stretch, count, null, op);
            ptx.into(column, "add.s32", column, count * stretch);
            if (rounds > 1) {
                String more = ptx.truth("setp.lt.s32", column, rounds * count * stretch);
                ptx.where(more, () -> ptx.line("bra " + label));
            }
        }
        int rest = stretches - rounds * count;
        if (rest > 0) {
            String limit = whole == stretches ? null : String.valueOf(columns);
            join(totals, PtxPlace.at(own, column), 1, stretch, rest, limit, op);
        }
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
}
