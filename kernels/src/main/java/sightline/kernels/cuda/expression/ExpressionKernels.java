package sightline.kernels.cuda.expression;

import java.util.List;
import sightline.kernels.cuda.program.ExpressionKernel;

/**
 * The kernels around an expression, as chain.cu has them: stored elementwise, some of it packed perhaps, summed along rows, or
 * down columns. Written for what is known when a graph is compiled: nothing is asked at run time that shapes answer.
 */
final class ExpressionKernels {
    private static final int MOST_RESULTS = 12;

    private ExpressionKernels() {}

    /** Whether all of an expression can be written as PTX. */
    private static boolean writes(ExpressionDraft draft, List<ExpressionResult> results) {
        return PtxMath.writes(draft.made())
                && draft.leaves().stream().allMatch(leaf -> near(leaf.base()))
                && results.stream().allMatch(result -> near(result.base()));
    }

    private static boolean near(int base) {
        return 4L * base < Integer.MAX_VALUE;
    }

    /** Stores an expression; null where that is left to the interpreter. */
    static ExpressionKernel map(ExpressionDraft draft, List<ExpressionResult> results) {
        return writes(draft, results) ? new ElementKernel(draft, results).write() : null;
    }

    /** Stores an expression of which sums along its own rows are a part; null where no warp has room for it. */
    static ExpressionKernel whole(ExpressionDraft draft, List<ExpressionResult> results) {
        int[] shape = draft.shape();
        boolean fits = WholeRowKernel.holds(shape[shape.length - 1]) && results.size() <= MOST_RESULTS;
        return fits && writes(draft, results) ? new WholeRowKernel(draft, results).write() : null;
    }

    /**
     * Sums it along trailing axes.
     *
     * @param axis the first of them
     */
    static ExpressionKernel rows(
            ExpressionDraft draft, List<ExpressionResult> result, int axis, int rows, int columns, int op) {
        return writes(draft, result) ? new RowKernel(draft, result, axis).write(rows, columns, op) : null;
    }

    /**
     * Sums it down axes that lie between others, in pieces that are stored one behind the other.
     *
     * @param from the first of these axes
     * @param to the first one behind
     * @param lengths elements before, down and behind
     */
    static ExpressionKernel columns(
            ExpressionDraft draft, List<ExpressionResult> result, int from, int to, int[] lengths, int pieces, int op) {
        return writes(draft, result) ? new ColumnKernel(draft, result, from, to, lengths, op).write(pieces) : null;
    }
}
