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

    private static Shape maps(Op op, TensorType type) {
        Infer.dtype(op, type, DType.F32);
        Infer.rank(op, type, 4);
        return type.shape();
    }
}
