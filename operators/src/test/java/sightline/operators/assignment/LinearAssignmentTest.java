package sightline.operators.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearAssignmentTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void costEqualsTheBestOfAllPermutations(long seed) {
        Random random = new Random(seed);
        LinearAssignment solver = new LinearAssignment();
        for (int trial = 0; trial < 200; trial++) {
            int rows = 1 + random.nextInt(5);
            int columns = rows + random.nextInt(3);
            double[] cost = random.doubles((long) rows * columns, -5, 5).toArray();
            int[] answer = solver.solve(cost, rows, columns, columns);
            double got = 0;
            boolean[] used = new boolean[columns];
            for (int r = 0; r < rows; r++) {
                assertThat(used[answer[r]]).isFalse();
                used[answer[r]] = true;
                got += cost[r * columns + answer[r]];
            }
            assertThat(got).isCloseTo(best(cost, rows, columns, 0, new boolean[columns]), within(1e-9));
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    double slack = cost[r * columns + c] - solver.rowPrice(r) - solver.columnPrice(c);
                    assertThat(slack).isGreaterThan(-1e-9);
                }
            }
        }
    }

    @Test
    void moreRowsThanColumnsIsRefused() {
        assertThatThrownBy(() -> LinearAssignment.solve(new double[][] {{1}, {2}}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCostThatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> LinearAssignment.solve(new double[][] {{Double.NaN}}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static double best(double[] cost, int rows, int columns, int row, boolean[] used) {
        if (row == rows) {
            return 0;
        }
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < columns; c++) {
            if (!used[c]) {
                used[c] = true;
                least = Math.min(least, cost[row * columns + c] + best(cost, rows, columns, row + 1, used));
                used[c] = false;
            }
        }
        return least;
    }
}
