package sightline.operators.assignment;

import java.util.Arrays;

/**
 * Minimum-cost assignment of rows to columns by shortest augmenting paths with dual prices (Jonker and Volgenant 1987;
 * here in the form that adds one row at a time). Every row gets its own column, so {@code rows <= columns}; costs are
 * finite. O(rows^2 columns).
 *
 * <p>Holds its working arrays and grows them on demand: one instance a thread, no allocation in steady state. The duals
 * stay readable until the next call: {@code cost(i,j) - u(i) - v(j) >= 0} with equality on assigned pairs.
 */
public final class LinearAssignment {
    private double[] rowPrice = new double[0];
    private double[] columnPrice = new double[0];
    private double[] distance = new double[0];
    private int[] rowOf = new int[0];
    private int[] way = new int[0];
    private boolean[] done = new boolean[0];
    private int[] columnOf = new int[0];

    /**
     * Solves for a row-major cost matrix.
     *
     * @param stride numbers from one row to the next
     * @return the column of each row, an array that the next call overwrites
     */
    public int[] solve(double[] cost, int rows, int columns, int stride) {
        if (rows > columns) {
            throw new IllegalArgumentException(rows + " rows do not fit " + columns + " columns");
        }
        ensure(rows, columns);
        Arrays.fill(rowPrice, 0, rows + 1, 0);
        Arrays.fill(columnPrice, 0, columns + 1, 0);
        Arrays.fill(rowOf, 0, columns + 1, 0);
        for (int row = 1; row <= rows; row++) {
            augment(cost, row, columns, stride);
        }
        for (int column = 1; column <= columns; column++) {
            if (rowOf[column] > 0) {
                columnOf[rowOf[column] - 1] = column - 1;
            }
        }
        return columnOf;
    }

    /** Solves for an array of rows; allocates the answer. */
    public static int[] solve(double[][] cost) {
        int rows = cost.length;
        int columns = rows == 0 ? 0 : cost[0].length;
        double[] flat = new double[rows * columns];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(cost[r], 0, flat, r * columns, columns);
        }
        return Arrays.copyOf(new LinearAssignment().solve(flat, rows, columns, columns), rows);
    }

    public double rowPrice(int row) {
        return rowPrice[row + 1];
    }

    public double columnPrice(int column) {
        return columnPrice[column + 1];
    }

    private void augment(double[] cost, int row, int columns, int stride) {
        // Column 0 is the virtual start of the path; rows and columns count from 1.
        rowOf[0] = row;
        int at = 0;
        Arrays.fill(distance, 0, columns + 1, Double.POSITIVE_INFINITY);
        Arrays.fill(done, 0, columns + 1, false);
        do {
            done[at] = true;
            int i = rowOf[at];
            double least = Double.POSITIVE_INFINITY;
            int next = -1;
            int base = (i - 1) * stride - 1;
            for (int j = 1; j <= columns; j++) {
                if (done[j]) {
                    continue;
                }
                double reduced = cost[base + j] - rowPrice[i] - columnPrice[j];
                if (reduced < distance[j]) {
                    distance[j] = reduced;
                    way[j] = at;
                }
                if (distance[j] < least) {
                    least = distance[j];
                    next = j;
                }
            }
            if (next < 0) {
                throw new IllegalArgumentException("a cost is not a finite number");
            }
            for (int j = 0; j <= columns; j++) {
                if (done[j]) {
                    rowPrice[rowOf[j]] += least;
                    columnPrice[j] -= least;
                } else {
                    distance[j] -= least;
                }
            }
            at = next;
        } while (rowOf[at] != 0);
        do {
            int previous = way[at];
            rowOf[at] = rowOf[previous];
            at = previous;
        } while (at != 0);
    }

    private void ensure(int rows, int columns) {
        if (rowPrice.length <= rows) {
            rowPrice = new double[2 * rows + 1];
            columnOf = new int[2 * rows + 1];
        }
        if (columnPrice.length <= columns) {
            int capacity = 2 * columns + 1;
            columnPrice = new double[capacity];
            distance = new double[capacity];
            rowOf = new int[capacity];
            way = new int[capacity];
            done = new boolean[capacity];
        }
    }
}
