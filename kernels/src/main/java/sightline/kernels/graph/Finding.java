package sightline.kernels.graph;

import java.util.List;
import sightline.kernels.tensor.DType;

/**
 * Operations that find a few things in dense maps, so that a few numbers leave an engine instead of the maps. Nothing is
 * differentiated through them. What they find has a defined order, so all engines find the same.
 */
public sealed interface Finding extends Op {

    /**
     * The strongest boxes of a head without anchors, less those that a stronger one of their class covers.
     *
     * <p>Inputs: for each stride s the logits [N, C, H, W], then the distances [N, 4, H, W]. The cell in column x and row y
     * tells of a box around ((x + 0.5) s, (y + 0.5) s) whose left, upper, right and lower edge are {@code s exp(v)} away,
     * v held within {@code reach}; edges are rounded to float32 before they are compared.
     *
     * <p>Output: float32 [N, most, 6], by falling logit, equal ones in the order of inputs, classes and cells: left, upper,
     * right and lower edge, logit, class. Rows without a box are of class -1. A logit that is not a number is no box; a box
     * with an edge that is none covers nothing.
     *
     * @param strides input pixels a cell, a pair of inputs each
     * @param reach bound of the distances' exponents
     * @param least logits above it are boxes
     * @param overlap intersection over union above which the weaker box of a class goes
     * @param candidates how many of the strongest boxes are looked at
     * @param most boxes of a picture
     */
    record Boxes(List<Integer> strides, float reach, float least, double overlap, int candidates, int most)
            implements Finding {
        /** Numbers of a row. */
        public static final int ROW = 6;

        public Boxes {
            strides = List.copyOf(strides);
        }

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 2 * strides.size(), 2 * strides.size());
            Shape first = inputs.getFirst().shape();
            for (int i = 0; i < inputs.size(); i += 2) {
                Shape logits = maps(this, inputs.get(i));
                Shape distances = maps(this, inputs.get(i + 1));
                GraphException.require(
                        logits.with(1, 4).equals(distances)
                                && logits.dim(0).equals(first.dim(0))
                                && logits.dim(1).equals(first.dim(1)),
                        "%s: logits %s do not fit distances %s, or the first logits %s",
                        this,
                        logits,
                        distances,
                        first);
            }
            GraphException.require(most > 0 && candidates >= most, "%s", this);
            return List.of(new TensorType(DType.F32, Shape.of(first.dim(0), Dim.of(most), Dim.of(ROW))));
        }
    }

    /**
     * The highest local maxima of heat maps that come in two sizes, with what a tag map says there.
     *
     * <p>Inputs: coarse [N, 2C, H, W], C heat maps and as many tag maps; fine [N, C, 2H, 2W], heat maps. Both are enlarged
     * to 4H x 4W by doubling, bilinear between half-pixel centres, along rows first and rounded to float32 at each step:
     * heat is the doubled mean of the doubled coarse map and the fine one, a tag is doubled twice. A maximum is a place of
     * which no other in the 5 x 5 around it is higher.
     *
     * <p>Output: float32 [N, C, most, 6], by falling heat, equal ones in the order of places: column, row, heat, tag, and a
     * quarter, signed, towards the higher neighbour in the row and in the column, or to the lower index. Rows without a
     * maximum are in column -1.
     *
     * @param least heat above which a maximum counts
     * @param most of a map
     */
    record Peaks(float least, int most) implements Finding {
        /** Numbers of a row. */
        public static final int ROW = 6;

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 2, 2);
            GraphException.require(most > 0, "%s", this);
            Shape fine = pyramid(this, inputs);
            return List.of(new TensorType(DType.F32, Shape.of(fine.dim(0), fine.dim(1), Dim.of(most), Dim.of(ROW))));
        }
    }

    /**
     * The places that tags point to: where in a map heat less the tag's distance, rounded to even, is highest, the first of
     * equals in float64.
     *
     * <p>Inputs: coarse and fine as {@link Peaks} has them; sought [Q, 3], a picture's number, that of one of its maps and a
     * tag in a row: a picture of which much is sought takes the rows that others leave. Output: float32 [Q, 5]: column, row,
     * heat and the two quarters, in column -1 where there is no such picture or map.
     */
    record Summits() implements Finding {
        /** Numbers of a row of what is sought. */
        public static final int SOUGHT = 3;

        /** Numbers of a row. */
        public static final int ROW = 5;

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            Infer.arity(this, inputs, 3, 3);
            pyramid(this, inputs);
            TensorType sought = inputs.get(2);
            Infer.dtype(this, sought, DType.F32);
            Infer.rank(this, sought, 2);
            GraphException.require(
                    sought.shape().dim(1).equals(Dim.of(SOUGHT)), "%s: %s is no such table", this, sought);
            return List.of(sought.with(sought.shape().with(1, ROW)));
        }
    }

    private static Shape pyramid(Op op, List<TensorType> inputs) {
        Shape coarse = maps(op, inputs.get(0));
        Shape fine = maps(op, inputs.get(1));
        GraphException.require(
                coarse.dim(0).equals(fine.dim(0))
                        && coarse.dim(1).equals(fine.dim(1).times(2))
                        && coarse.dim(2).times(2).equals(fine.dim(2))
                        && coarse.dim(3).times(2).equals(fine.dim(3)),
                "%s: coarse %s does not fit fine %s",
                op,
                coarse,
                fine);
        return fine;
    }

    private static Shape maps(Op op, TensorType type) {
        Infer.dtype(op, type, DType.F32);
        Infer.rank(op, type, 4);
        return type.shape();
    }
}
