package sightline.kernels.cuda.single;

import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.CopyEngine;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Launch.Grid;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.single.Products32.Left;

/**
 * Large products of operands that are rounded to bfloat16 once, in memory, and then read by every product that needs them:
 * the launches of product_wide.cu.
 */
public final class ProductsWide {
    private static final String FAMILY = "product_wide";
    /** Threads a block that adds up pieces, four neighbours a thread. */
    private static final int JOIN = 256;

    private static final int FOUR = 4;
    /** Elements that one access of the copy engine takes; every line must start at a multiple of so many. */
    private static final int LINE = 8;
    /** Smaller products leave most of a tile empty, or are over before the pipeline of copies is filled. */
    private static final int LEAST = 96;

    private final Emitter emitter;
    private final Rounded rounded;
    private final Cuts cuts;

    public ProductsWide(Emitter emitter, Rounded rounded) {
        this(emitter, rounded, WideCut::of);
    }

    public ProductsWide(Emitter emitter, Rounded rounded, Cuts cuts) {
        this.emitter = emitter;
        this.rounded = rounded;
        this.cuts = cuts;
    }

    /** Who decides how products are cut: see {@link WideCut#of}. */
    @FunctionalInterface
    public interface Cuts {
        WideCut of(WideCut.Sizes sizes, boolean narrow, boolean aligned);
    }

    /** As {@link Products32#pointwise}, with a bias a row or one a column. */
    public void pointwise(
            Left left, Slot x, Slot rowBias, Slot columnBias, Slot y, int columns, int products, double flops) {
        WideCut.Sizes sizes =
                new WideCut.Sizes(left.rows(), columns, left.depth(), 1, products, left.groups(), products);
        Operand a = operand(left.slot(), !left.turned(), left.groups(), left.rows(), left.depth());
        Operand b = operand(x, false, products, columns, left.depth());
        emit(a, b, rowBias, columnBias, y, sizes, flops);
    }

    /** The same, each product with rows for columns: {@code y[z]} is of {@code columns} times {@code left.rows()}. */
    public void turned(Left left, Slot x, Slot bias, Slot y, int columns, int products, double flops) {
        WideCut.Sizes sizes =
                new WideCut.Sizes(columns, left.rows(), left.depth(), 1, products, products, left.groups());
        Operand a = operand(x, false, products, columns, left.depth());
        Operand b = operand(left.slot(), !left.turned(), left.groups(), left.rows(), left.depth());
        emit(a, b, null, bias, y, sizes, flops);
    }

    /** Whether {@link #pointwise} takes such a product. */
    static boolean takes(Left left, int columns) {
        int line = left.turned() ? left.rows() : left.depth();
        return large(left.rows(), columns, left.depth()) && line % LINE == 0 && columns % LINE == 0;
    }

    /** As {@link Products32#weight}, with a bias a column. */
    public void weight(
            Slot dy,
            Slot x,
            Slot columnBias,
            Slot out,
            int rows,
            int columns,
            int depth,
            int images,
            int groups,
            double flops) {
        WideCut.Sizes sizes = new WideCut.Sizes(rows, columns, depth, images, groups, groups, groups);
        Operand a = operand(dy, true, images * groups, rows, depth);
        Operand b = operand(x, true, images * groups, columns, depth);
        emit(a, b, null, columnBias, out, sizes, flops);
    }

    /** Whether {@link #weight} takes such a product. */
    static boolean takes(int rows, int columns, int depth) {
        return large(rows, columns, depth) && depth % LINE == 0;
    }

    private static boolean large(int rows, int columns, int depth) {
        return Math.min(Math.min(rows, columns), depth) >= LEAST;
    }

    /**
     * @param along whether k runs fastest
     * @param count matrices in the slot
     * @param lines rows of a left operand, columns of a right one
     */
    private record Operand(Slot slot, boolean along, int count, int lines, int depth) {
        int size() {
            return count * lines * depth;
        }

        /** Tells the copy engine of it, in boxes of lines or of panels of 64. */
        void tell(Params params, Slot copy, int linesBox, int depthBox) {
            if (along) {
                params.tiles(copy, count, lines, depth, linesBox);
            } else {
                params.tiles(copy, count, depth, lines, depthBox);
            }
        }
    }

    /** An operand as it lies, or as what it is but a view of lies. */
    private static Operand operand(Slot slot, boolean along, int count, int lines, int depth) {
        Slot other = along ? slot.turned(count, lines, depth) : slot.turned(count, depth, lines);
        boolean fits = other != null && (along ? lines : depth) % LINE == 0;
        return fits ? new Operand(other, !along, count, lines, depth) : new Operand(slot, along, count, lines, depth);
    }

    private static String kernel(Operand a, Operand b) {
        if (a.along) {
            return b.along ? "right_transposed" : "rows";
        }
        return b.along ? "both_transposed" : "left_transposed";
    }

    private void emit(Operand a, Operand b, Slot rowBias, Slot columnBias, Slot y, WideCut.Sizes s, double flops) {
        Slot instead = rounded.instead(y, s.size());
        WideCut cut = cuts.of(s, instead != null, s.n() % LINE == 0);
        Array32 parts = cut.parts() == 0
                ? null
                : emitter.array(false, cut.parts(), cut.tile().area());
        Slot left = rounded.of(a.slot, a.size());
        Slot right = rounded.of(b.slot, b.size());
        Params params = new Params();
        a.tell(params, left, cut.tile().rows(), WideCut.DEPTH);
        b.tell(params, right, cut.tile().columns() / WideCut.PAIR, WideCut.DEPTH / WideCut.PAIR);
        params.slot(left).slot(right);
        results(params, rowBias, columnBias, y, instead, parts, s, cut);
        double stored = (instead == null ? 4.0 : 2.0) * s.size();
        double whole =
                parts == null ? stored : stored * cut.whole() / cut.tile().count(s);
        double cutOff = parts == null ? 0 : 4.0 * parts.size();
        double bytes = 2.0 * (a.size() + (double) b.size()) + whole + cutOff;
        String kernel = FAMILY + "_" + kernel(a, b) + "_" + cut.tile();
        Grid grid = Grid.of(cut.blocks(s));
        emitter.grid(FAMILY, kernel, grid, cut.tile().threads(), cut.tile().sharedBytes(), params, flops, bytes);
        if (parts != null) {
            Params join = new Params().int64Array(new long[0], 2 * CopyEngine.LONGS);
            join.slot(null).slot(null);
            results(join, rowBias, columnBias, y, instead, parts, s, cut);
            Grid threads = Grid.covering((long) parts.size() / cut.splits() / FOUR, JOIN);
            emitter.grid(
                    FAMILY,
                    FAMILY + "_join_" + cut.tile(),
                    threads,
                    JOIN,
                    0,
                    join,
                    parts.size(),
                    cutOff + stored - whole);
        }
    }

    private static void results(
            Params params,
            Slot rowBias,
            Slot columnBias,
            Slot y,
            Slot instead,
            Array32 parts,
            WideCut.Sizes s,
            WideCut cut) {
        params.slot(rowBias)
                .slot(columnBias)
                .slot(instead == null ? y : null)
                .slot(instead)
                .slot(parts == null ? null : parts.slot())
                .int32(s.m(), s.n(), s.k(), s.segments(), s.outputs(), s.groups(), s.rightGroups())
                .int32(cut.whole(), cut.splits());
    }
}
