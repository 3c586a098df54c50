package sightline.operators.candidates;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of float32 matrices, a block of the result held in registers: eight rows by two vectors where there are 32
 * registers of 16 floats, else eight by one. C = A B or C += A B with
 *
 * <ul>
 *   <li>A(row, i) at {@code a[aAt + row * aRow + i * aStep]},
 *   <li>B(i, column) at {@code b[bAt + i * bStep + column]}, readable up to a whole {@link #PANEL} in each row,
 *   <li>C(row, column) at {@code c[cAt + row * cRow + column]}.
 * </ul>
 *
 * <p>With i over channels that is a 1x1 convolution on NHWC; with i over pixels it is the gradient for its weights.
 */
final class Blocks {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    /** Vectors of eight floats, for what is narrower than {@link #LANES}. */
    static final VectorSpecies<Float> HALF = FloatVector.SPECIES_256;

    static final int HALF_LANES = HALF.length();
    /** Columns of a block. */
    static final int PANEL = LANES >= 16 ? 2 * LANES : LANES;

    /** Rows of a block. */
    static final int ROWS = 8;

    private Blocks() {}

    /** {@code columns} at most {@link #PANEL}, any number of rows. */
    static void multiply(
            boolean add,
            int rows,
            int columns,
            int depth,
            float[] a,
            int aAt,
            int aRow,
            int aStep,
            float[] b,
            int bAt,
            int bStep,
            float[] c,
            int cAt,
            int cRow) {
        int row = 0;
        for (; row + ROWS <= rows; row += ROWS) {
            if (columns > LANES) {
                eightByTwo(
                        add,
                        columns,
                        depth,
                        a,
                        aAt + row * aRow,
                        aRow,
                        aStep,
                        b,
                        bAt,
                        bStep,
                        c,
                        cAt + row * cRow,
                        cRow);
            } else {
                eightByOne(
                        add,
                        columns,
                        depth,
                        a,
                        aAt + row * aRow,
                        aRow,
                        aStep,
                        b,
                        bAt,
                        bStep,
                        c,
                        cAt + row * cRow,
                        cRow);
            }
        }
        for (; row < rows; row++) {
            for (int from = 0; from < columns; from += LANES) {
                int width = Math.min(LANES, columns - from);
                one(add, width, depth, a, aAt + row * aRow, aStep, b, bAt + from, bStep, c, cAt + row * cRow + from);
            }
        }
    }

    private static void eightByTwo(
            boolean add,
            int columns,
            int depth,
            float[] a,
            int aAt,
            int aRow,
            int aStep,
            float[] b,
            int bAt,
            int bStep,
            float[] c,
            int cAt,
            int cRow) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector c00 = add ? FloatVector.fromArray(SPECIES, c, cAt) : zero;
        FloatVector c01 = add ? FloatVector.fromArray(SPECIES, c, cAt + LANES) : zero;
        FloatVector c10 = add ? FloatVector.fromArray(SPECIES, c, cAt + cRow) : zero;
        FloatVector c11 = add ? FloatVector.fromArray(SPECIES, c, cAt + cRow + LANES) : zero;
        FloatVector c20 = add ? FloatVector.fromArray(SPECIES, c, cAt + 2 * cRow) : zero;
        FloatVector c21 = add ? FloatVector.fromArray(SPECIES, c, cAt + 2 * cRow + LANES) : zero;
        FloatVector c30 = add ? FloatVector.fromArray(SPECIES, c, cAt + 3 * cRow) : zero;
        FloatVector c31 = add ? FloatVector.fromArray(SPECIES, c, cAt + 3 * cRow + LANES) : zero;
        FloatVector c40 = add ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cRow) : zero;
        FloatVector c41 = add ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cRow + LANES) : zero;
        FloatVector c50 = add ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cRow) : zero;
        FloatVector c51 = add ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cRow + LANES) : zero;
        FloatVector c60 = add ? FloatVector.fromArray(SPECIES, c, cAt + 6 * cRow) : zero;
        FloatVector c61 = add ? FloatVector.fromArray(SPECIES, c, cAt + 6 * cRow + LANES) : zero;
        FloatVector c70 = add ? FloatVector.fromArray(SPECIES, c, cAt + 7 * cRow) : zero;
        FloatVector c71 = add ? FloatVector.fromArray(SPECIES, c, cAt + 7 * cRow + LANES) : zero;
        if (aStep == 1) {
            for (int i = 0; i < depth; i++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + i * bStep);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + i * bStep + LANES);
                FloatVector v = FloatVector.broadcast(SPECIES, a[aAt + i]);
                c00 = v.fma(b0, c00);
                c01 = v.fma(b1, c01);
                v = FloatVector.broadcast(SPECIES, a[aAt + i + aRow]);
                c10 = v.fma(b0, c10);
                c11 = v.fma(b1, c11);
                v = FloatVector.broadcast(SPECIES, a[aAt + i + 2 * aRow]);
                c20 = v.fma(b0, c20);
                c21 = v.fma(b1, c21);
                v = FloatVector.broadcast(SPECIES, a[aAt + i + 3 * aRow]);
                c30 = v.fma(b0, c30);
                c31 = v.fma(b1, c31);
                v = FloatVector.broadcast(SPECIES, a[aAt + i + 4 * aRow]);
                c40 = v.fma(b0, c40);
                c41 = v.fma(b1, c41);
                v = FloatVector.broadcast(SPECIES, a[aAt + i + 5 * aRow]);
                c50 = v.fma(b0, c50);
                c51 = v.fma(b1, c51);
                v = FloatVector.broadcast(SPECIES, a[aAt + i + 6 * aRow]);
                c60 = v.fma(b0, c60);
                c61 = v.fma(b1, c61);
                v = FloatVector.broadcast(SPECIES, a[aAt + i + 7 * aRow]);
                c70 = v.fma(b0, c70);
                c71 = v.fma(b1, c71);
            }
        } else {
            int p = aAt;
            int q = bAt;
            for (int i = 0; i < depth; i++) {
                FloatVector b0 = FloatVector.fromArray(SPECIES, b, q);
                FloatVector b1 = FloatVector.fromArray(SPECIES, b, q + LANES);
                FloatVector v = FloatVector.broadcast(SPECIES, a[p]);
                c00 = v.fma(b0, c00);
                c01 = v.fma(b1, c01);
                v = FloatVector.broadcast(SPECIES, a[p + 1]);
                c10 = v.fma(b0, c10);
                c11 = v.fma(b1, c11);
                v = FloatVector.broadcast(SPECIES, a[p + 2]);
                c20 = v.fma(b0, c20);
                c21 = v.fma(b1, c21);
                v = FloatVector.broadcast(SPECIES, a[p + 3]);
                c30 = v.fma(b0, c30);
                c31 = v.fma(b1, c31);
                v = FloatVector.broadcast(SPECIES, a[p + 4]);
                c40 = v.fma(b0, c40);
                c41 = v.fma(b1, c41);
                v = FloatVector.broadcast(SPECIES, a[p + 5]);
                c50 = v.fma(b0, c50);
                c51 = v.fma(b1, c51);
                v = FloatVector.broadcast(SPECIES, a[p + 6]);
                c60 = v.fma(b0, c60);
                c61 = v.fma(b1, c61);
                v = FloatVector.broadcast(SPECIES, a[p + 7]);
                c70 = v.fma(b0, c70);
                c71 = v.fma(b1, c71);
                p += aStep;
                q += bStep;
            }
        }
        if (columns >= PANEL) {
            c00.intoArray(c, cAt);
            c01.intoArray(c, cAt + LANES);
            c10.intoArray(c, cAt + cRow);
            c11.intoArray(c, cAt + cRow + LANES);
            c20.intoArray(c, cAt + 2 * cRow);
            c21.intoArray(c, cAt + 2 * cRow + LANES);
            c30.intoArray(c, cAt + 3 * cRow);
            c31.intoArray(c, cAt + 3 * cRow + LANES);
            c40.intoArray(c, cAt + 4 * cRow);
            c41.intoArray(c, cAt + 4 * cRow + LANES);
            c50.intoArray(c, cAt + 5 * cRow);
            c51.intoArray(c, cAt + 5 * cRow + LANES);
            c60.intoArray(c, cAt + 6 * cRow);
            c61.intoArray(c, cAt + 6 * cRow + LANES);
            c70.intoArray(c, cAt + 7 * cRow);
            c71.intoArray(c, cAt + 7 * cRow + LANES);
            return;
        }
        int rest = columns - LANES;
        put(LANES, c, cAt, c00);
        put(rest, c, cAt + LANES, c01);
        put(LANES, c, cAt + cRow, c10);
        put(rest, c, cAt + cRow + LANES, c11);
        put(LANES, c, cAt + 2 * cRow, c20);
        put(rest, c, cAt + 2 * cRow + LANES, c21);
        put(LANES, c, cAt + 3 * cRow, c30);
        put(rest, c, cAt + 3 * cRow + LANES, c31);
        put(LANES, c, cAt + 4 * cRow, c40);
        put(rest, c, cAt + 4 * cRow + LANES, c41);
        put(LANES, c, cAt + 5 * cRow, c50);
        put(rest, c, cAt + 5 * cRow + LANES, c51);
        put(LANES, c, cAt + 6 * cRow, c60);
        put(rest, c, cAt + 6 * cRow + LANES, c61);
        put(LANES, c, cAt + 7 * cRow, c70);
        put(rest, c, cAt + 7 * cRow + LANES, c71);
    }

    private static void eightByOne(
            boolean add,
            int columns,
            int depth,
            float[] a,
            int aAt,
            int aRow,
            int aStep,
            float[] b,
            int bAt,
            int bStep,
            float[] c,
            int cAt,
            int cRow) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector c0 = add ? FloatVector.fromArray(SPECIES, c, cAt) : zero;
        FloatVector c1 = add ? FloatVector.fromArray(SPECIES, c, cAt + cRow) : zero;
        FloatVector c2 = add ? FloatVector.fromArray(SPECIES, c, cAt + 2 * cRow) : zero;
        FloatVector c3 = add ? FloatVector.fromArray(SPECIES, c, cAt + 3 * cRow) : zero;
        FloatVector c4 = add ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cRow) : zero;
        FloatVector c5 = add ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cRow) : zero;
        FloatVector c6 = add ? FloatVector.fromArray(SPECIES, c, cAt + 6 * cRow) : zero;
        FloatVector c7 = add ? FloatVector.fromArray(SPECIES, c, cAt + 7 * cRow) : zero;
        if (aStep == 1) {
            for (int i = 0; i < depth; i++) {
                FloatVector row = FloatVector.fromArray(SPECIES, b, bAt + i * bStep);
                c0 = FloatVector.broadcast(SPECIES, a[aAt + i]).fma(row, c0);
                c1 = FloatVector.broadcast(SPECIES, a[aAt + i + aRow]).fma(row, c1);
                c2 = FloatVector.broadcast(SPECIES, a[aAt + i + 2 * aRow]).fma(row, c2);
                c3 = FloatVector.broadcast(SPECIES, a[aAt + i + 3 * aRow]).fma(row, c3);
                c4 = FloatVector.broadcast(SPECIES, a[aAt + i + 4 * aRow]).fma(row, c4);
                c5 = FloatVector.broadcast(SPECIES, a[aAt + i + 5 * aRow]).fma(row, c5);
                c6 = FloatVector.broadcast(SPECIES, a[aAt + i + 6 * aRow]).fma(row, c6);
                c7 = FloatVector.broadcast(SPECIES, a[aAt + i + 7 * aRow]).fma(row, c7);
            }
        } else {
            int p = aAt;
            int q = bAt;
            for (int i = 0; i < depth; i++) {
                FloatVector row = FloatVector.fromArray(SPECIES, b, q);
                c0 = FloatVector.broadcast(SPECIES, a[p]).fma(row, c0);
                c1 = FloatVector.broadcast(SPECIES, a[p + 1]).fma(row, c1);
                c2 = FloatVector.broadcast(SPECIES, a[p + 2]).fma(row, c2);
                c3 = FloatVector.broadcast(SPECIES, a[p + 3]).fma(row, c3);
                c4 = FloatVector.broadcast(SPECIES, a[p + 4]).fma(row, c4);
                c5 = FloatVector.broadcast(SPECIES, a[p + 5]).fma(row, c5);
                c6 = FloatVector.broadcast(SPECIES, a[p + 6]).fma(row, c6);
                c7 = FloatVector.broadcast(SPECIES, a[p + 7]).fma(row, c7);
                p += aStep;
                q += bStep;
            }
        }
        if (columns >= LANES) {
            c0.intoArray(c, cAt);
            c1.intoArray(c, cAt + cRow);
            c2.intoArray(c, cAt + 2 * cRow);
            c3.intoArray(c, cAt + 3 * cRow);
            c4.intoArray(c, cAt + 4 * cRow);
            c5.intoArray(c, cAt + 5 * cRow);
            c6.intoArray(c, cAt + 6 * cRow);
            c7.intoArray(c, cAt + 7 * cRow);
            return;
        }
        put(columns, c, cAt, c0);
        put(columns, c, cAt + cRow, c1);
        put(columns, c, cAt + 2 * cRow, c2);
        put(columns, c, cAt + 3 * cRow, c3);
        put(columns, c, cAt + 4 * cRow, c4);
        put(columns, c, cAt + 5 * cRow, c5);
        put(columns, c, cAt + 6 * cRow, c6);
        put(columns, c, cAt + 7 * cRow, c7);
    }

    /** Eight rows by one vector, where A(row, i) lies at {@code a[aAt + row * aRow + offsets[first + i]]}. */
    static void scattered(
            int[] offsets,
            int first,
            int columns,
            int depth,
            float[] a,
            int aAt,
            int aRow,
            float[] b,
            int bAt,
            int bStep,
            float[] c,
            int cAt,
            int cRow) {
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        FloatVector c6 = c0;
        FloatVector c7 = c0;
        for (int i = 0; i < depth; i++) {
            FloatVector row = FloatVector.fromArray(SPECIES, b, bAt + i * bStep);
            int p = aAt + offsets[first + i];
            c0 = FloatVector.broadcast(SPECIES, a[p]).fma(row, c0);
            c1 = FloatVector.broadcast(SPECIES, a[p + aRow]).fma(row, c1);
            c2 = FloatVector.broadcast(SPECIES, a[p + 2 * aRow]).fma(row, c2);
            c3 = FloatVector.broadcast(SPECIES, a[p + 3 * aRow]).fma(row, c3);
            c4 = FloatVector.broadcast(SPECIES, a[p + 4 * aRow]).fma(row, c4);
            c5 = FloatVector.broadcast(SPECIES, a[p + 5 * aRow]).fma(row, c5);
            c6 = FloatVector.broadcast(SPECIES, a[p + 6 * aRow]).fma(row, c6);
            c7 = FloatVector.broadcast(SPECIES, a[p + 7 * aRow]).fma(row, c7);
        }
        put(columns, c, cAt, c0);
        put(columns, c, cAt + cRow, c1);
        put(columns, c, cAt + 2 * cRow, c2);
        put(columns, c, cAt + 3 * cRow, c3);
        put(columns, c, cAt + 4 * cRow, c4);
        put(columns, c, cAt + 5 * cRow, c5);
        put(columns, c, cAt + 6 * cRow, c6);
        put(columns, c, cAt + 7 * cRow, c7);
    }

    private static void one(
            boolean add,
            int columns,
            int depth,
            float[] a,
            int aAt,
            int aStep,
            float[] b,
            int bAt,
            int bStep,
            float[] c,
            int cAt) {
        FloatVector sum = add ? FloatVector.fromArray(SPECIES, c, cAt) : FloatVector.zero(SPECIES);
        int p = aAt;
        int q = bAt;
        for (int i = 0; i < depth; i++) {
            sum = FloatVector.broadcast(SPECIES, a[p]).fma(FloatVector.fromArray(SPECIES, b, q), sum);
            p += aStep;
            q += bStep;
        }
        put(columns, c, cAt, sum);
    }

    /** Stores the first {@code columns} lanes. */
    static void put(int columns, float[] c, int at, FloatVector v) {
        if (columns >= LANES) {
            v.intoArray(c, at);
        } else if (columns == HALF_LANES) {
            // A store under a mask that reaches into the next cache line costs several times as much as a short one.
            ((FloatVector) v.castShape(HALF, 0)).intoArray(c, at);
        } else {
            v.intoArray(c, at, SPECIES.indexInRange(0, columns));
        }
    }
}
