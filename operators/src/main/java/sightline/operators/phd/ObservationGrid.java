package sightline.operators.phd;

import java.util.Arrays;
import java.util.List;

/**
 * Spatial index over the observations of one scan, so that the work of gating grows with the pairs that meet and not
 * with all pairs: a uniform grid of about one observation a cell, filled by counting sort. Observations that place
 * nothing (bearings) are met by everybody. Reused from scan to scan.
 */
final class ObservationGrid {
    private final Linearisation scratch = new Linearisation();
    private double west;
    private double south;
    private double cell = 1;
    private int columns;
    private int rows;
    private int[] start = new int[2];
    private int[] byCell = new int[0];
    private int[] cellOf = new int[0];
    private double[] east = new double[0];
    private double[] north = new double[0];
    private int[] unplaced = new int[0];
    private int unplacedCount;
    private double largestVariance;

    private int[] found = new int[16];
    private int foundCount;

    void build(List<Observation> observations) {
        int n = observations.size();
        if (byCell.length < n) {
            byCell = new int[2 * n];
            cellOf = new int[2 * n];
            east = new double[2 * n];
            north = new double[2 * n];
            unplaced = new int[2 * n];
        }
        unplacedCount = 0;
        largestVariance = 0;
        double e0 = Double.POSITIVE_INFINITY;
        double n0 = Double.POSITIVE_INFINITY;
        double e1 = Double.NEGATIVE_INFINITY;
        double n1 = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < n; j++) {
            Observation o = observations.get(j);
            cellOf[j] = -1;
            if (!o.placeable()) {
                unplaced[unplacedCount++] = j;
                continue;
            }
            o.place(scratch);
            cellOf[j] = 0;
            east[j] = scratch.e0;
            north[j] = scratch.e1;
            largestVariance = Math.max(largestVariance, scratch.r00 + scratch.r11);
            e0 = Math.min(e0, east[j]);
            e1 = Math.max(e1, east[j]);
            n0 = Math.min(n0, north[j]);
            n1 = Math.max(n1, north[j]);
        }
        int placed = n - unplacedCount;
        west = e0;
        south = n0;
        columns = placed == 0 ? 0 : (int) Math.ceil(Math.sqrt(placed));
        rows = columns;
        cell = placed == 0 ? 1 : Math.max(1e-9, Math.max(e1 - e0, n1 - n0) / columns);
        fill(n);
    }

    private void fill(int n) {
        int cells = columns * rows;
        if (start.length < cells + 2) {
            start = new int[2 * cells + 2];
        }
        Arrays.fill(start, 0, cells + 2, 0);
        for (int j = 0; j < n; j++) {
            if (cellOf[j] >= 0) {
                cellOf[j] = row(north[j]) * columns + column(east[j]);
                start[cellOf[j] + 2]++;
            }
        }
        for (int c = 1; c < cells; c++) {
            start[c + 1] += start[c];
        }
        for (int j = 0; j < n; j++) {
            if (cellOf[j] >= 0) {
                byCell[start[cellOf[j] + 1]++] = j;
            }
        }
    }

    private int column(double x) {
        return (int) Math.max(0, Math.min(columns - 1, Math.floor((x - west) / cell)));
    }

    private int row(double y) {
        return (int) Math.max(0, Math.min(rows - 1, Math.floor((y - south) / cell)));
    }

    /**
     * Collects what may lie within a squared distance {@code gate} of a term, in rising order of index within a cell.
     *
     * @param spread trace of the term's position covariance, a bound of its largest eigenvalue
     */
    void query(double x, double y, double spread, double gate) {
        foundCount = 0;
        for (int k = 0; k < unplacedCount; k++) {
            take(unplaced[k]);
        }
        if (columns == 0) {
            return;
        }
        double radius = Math.sqrt(gate * (spread + largestVariance));
        int c0 = column(x - radius);
        int c1 = column(x + radius);
        int r1 = row(y + radius);
        for (int r = row(y - radius); r <= r1; r++) {
            int base = r * columns;
            for (int k = start[base + c0]; k < start[base + c1 + 1]; k++) {
                int j = byCell[k];
                double dx = east[j] - x;
                double dy = north[j] - y;
                if (dx * dx + dy * dy <= radius * radius) {
                    take(j);
                }
            }
        }
    }

    private void take(int j) {
        if (foundCount == found.length) {
            found = Arrays.copyOf(found, 2 * foundCount);
        }
        found[foundCount++] = j;
    }

    int count() {
        return foundCount;
    }

    int get(int k) {
        return found[k];
    }
}
