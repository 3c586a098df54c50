package sightline.operators.phd;

import java.util.Arrays;
import java.util.List;
import sightline.operators.assignment.LinearAssignment;

/**
 * Fills the denominators of a {@link PairTable}: the credibility of the best explanation that an observation would have
 * if the claiming track did not exist.
 *
 * <p>With V(.) the log-value of the best joint explanation, the exact max-marginal of "track i gave y_j" divides by
 * {@code F_fa(y_j) exp(V(without i) - V(without i and j))}. Tracks that are joined by a profitable claim form a cluster;
 * clusters are independent, and a cluster of one track has the false alarm as only rival. A cluster of up to {@value
 * #EXACT_ROWS} tracks is solved by linear assignment, a larger one falls back to the best other track.
 *
 * <p>Scratch: one a filter.
 */
final class Competition {
    static final int EXACT_ROWS = 12;
    private static final double FORBIDDEN = 1e9;

    private final LinearAssignment assignment = new LinearAssignment();
    private boolean lastGains;
    private int[] parent = new int[0];
    private double[] best = new double[0];
    private double[] second = new double[0];
    /** Of each observation of the scan. */
    private double[] logFalseAlarm = new double[0];

    private double[] foreignPrice = new double[0];
    private double[] saved = new double[16];
    private int[] bestTrack = new int[0];
    private int[] clusterOf = new int[0];
    private int[] clusterStart = new int[0];
    private int[] members = new int[0];
    private int[] localColumn = new int[0];
    private int[] columns = new int[16];
    private double[] cost = new double[0];

    /** The rule of one rival: {@code max(F_fa, best joint credibility of any other track)}. */
    void bestOther(PairTable t, List<Observation> observations) {
        rivals(t, observations, false);
        for (int i = 0; i < t.tracks; i++) {
            for (int p = t.pairStart[i]; p < t.pairStart[i + 1]; p++) {
                int j = t.pairObservation[p];
                double other = bestTrack[j] == i ? second[j] : best[j];
                t.pairDenominator[p] = Math.max(logFalseAlarm[j], other);
            }
        }
    }

    /** Exact max-marginals, cluster by cluster. */
    void maxMarginals(PairTable t, List<Observation> observations) {
        rivals(t, observations, true);
        cluster(t);
        Arrays.fill(foreignPrice, 0, observations.size(), Double.NaN);
        for (int i = 0; i < t.tracks; i++) {
            for (int p = t.pairStart[i]; p < t.pairStart[i + 1]; p++) {
                int j = t.pairObservation[p];
                if (bestTrack[j] >= 0 && best[j] > 0 && clusterOf[bestTrack[j]] != clusterOf[i]) {
                    foreignPrice[j] = 0;
                }
            }
        }
        priceForeign(t, observations.size());
        for (int i = 0; i < t.tracks; i++) {
            priceOwn(t, i);
        }
    }

    /** The denominator for a track that takes no part in the competition: the best claim of anybody. */
    double outsider(int j) {
        double claim = lastGains ? logFalseAlarm[j] + Math.max(0, best[j]) : best[j];
        return Math.max(logFalseAlarm[j], claim);
    }

    /** What the loss of an observation costs the cluster that wants it, for those claimed from outside as well. */
    private void priceForeign(PairTable t, int count) {
        for (int j = 0; j < count; j++) {
            if (Double.isNaN(foreignPrice[j])) {
                continue;
            }
            int cluster = clusterOf[bestTrack[j]];
            int rows = size(cluster);
            if (rows > EXACT_ROWS) {
                foreignPrice[j] = best[j];
                continue;
            }
            int width = buildCosts(t, cluster, -1);
            foreignPrice[j] = value(rows, width) - valueWithout(rows, width, localColumn[j]);
            release(t, cluster);
        }
    }

    private void priceOwn(PairTable t, int i) {
        int cluster = clusterOf[i];
        int rows = size(cluster);
        boolean exact = rows > 1 && rows <= EXACT_ROWS;
        int width = exact ? buildCosts(t, cluster, i) : 0;
        double without = exact ? value(rows - 1, width) : 0;
        for (int p = t.pairStart[i]; p < t.pairStart[i + 1]; p++) {
            int j = t.pairObservation[p];
            double price;
            if (bestTrack[j] != i && clusterOf[bestTrack[j]] != cluster && best[j] > 0) {
                price = foreignPrice[j];
            } else if (exact) {
                price = localColumn[j] >= 0 ? without - valueWithout(rows - 1, width, localColumn[j]) : 0;
            } else {
                // Alone, or too many to solve: then the best other claim decides, an upper bound of the price.
                price = bestTrack[j] == i ? second[j] : best[j];
            }
            t.pairDenominator[p] = logFalseAlarm[j] + Math.max(0, price);
        }
        if (exact) {
            release(t, cluster);
        }
    }

    private int size(int cluster) {
        return clusterStart[cluster + 1] - clusterStart[cluster];
    }

    /** Best and second-best claim on every observation, as joint credibility or as gain over the alternatives. */
    private void rivals(PairTable t, List<Observation> observations, boolean gains) {
        int count = observations.size();
        if (best.length < count) {
            best = new double[2 * count];
            logFalseAlarm = new double[2 * count];
            second = new double[2 * count];
            foreignPrice = new double[2 * count];
            bestTrack = new int[2 * count];
            localColumn = new int[2 * count];
        }
        lastGains = gains;
        for (int j = 0; j < count; j++) {
            logFalseAlarm[j] = observations.get(j).logFalseAlarm();
        }
        Arrays.fill(best, 0, count, Double.NEGATIVE_INFINITY);
        Arrays.fill(second, 0, count, Double.NEGATIVE_INFINITY);
        Arrays.fill(bestTrack, 0, count, -1);
        Arrays.fill(localColumn, 0, count, -1);
        for (int i = 0; i < t.tracks; i++) {
            for (int p = t.pairStart[i]; p < t.pairStart[i + 1]; p++) {
                int j = t.pairObservation[p];
                double claim = gains ? gain(t, i, p) : t.pairLog[p];
                if (claim > best[j]) {
                    second[j] = best[j];
                    best[j] = claim;
                    bestTrack[j] = i;
                } else if (claim > second[j]) {
                    second[j] = claim;
                }
            }
        }
    }

    private double gain(PairTable t, int track, int pair) {
        double none = Math.max(t.logNone[track], -700);
        return t.pairLog[pair] - none - logFalseAlarm[t.pairObservation[pair]];
    }

    private void cluster(PairTable t) {
        int n = t.tracks;
        if (parent.length < n + 1) {
            parent = new int[2 * n + 2];
            clusterOf = new int[2 * n + 2];
            clusterStart = new int[2 * n + 2];
            members = new int[2 * n + 2];
        }
        for (int i = 0; i < n; i++) {
            parent[i] = i;
        }
        for (int i = 0; i < n; i++) {
            for (int p = t.pairStart[i]; p < t.pairStart[i + 1]; p++) {
                int rival = bestTrack[t.pairObservation[p]];
                if (rival != i && gain(t, i, p) > 0) {
                    parent[root(i)] = root(rival);
                }
            }
        }
        Arrays.fill(clusterStart, 0, n + 1, 0);
        for (int i = 0; i < n; i++) {
            clusterOf[i] = root(i);
            clusterStart[clusterOf[i] + 1]++;
        }
        for (int i = 0; i < n; i++) {
            clusterStart[i + 1] += clusterStart[i];
        }
        // Fill from the back so that the starts stay starts.
        int[] next = parent;
        System.arraycopy(clusterStart, 0, next, 0, n);
        for (int i = 0; i < n; i++) {
            members[next[clusterOf[i]]++] = i;
        }
    }

    private int root(int i) {
        int r = i;
        while (parent[r] != r) {
            parent[r] = parent[parent[r]];
            r = parent[r];
        }
        return r;
    }

    /**
     * Costs of the cluster without track {@code excluded}: its profitable columns, then one idle column a row. Returns
     * the width. {@code excluded} below 0 leaves nobody out.
     */
    private int buildCosts(PairTable t, int cluster, int excluded) {
        int used = 0;
        for (int k = clusterStart[cluster]; k < clusterStart[cluster + 1]; k++) {
            int i = members[k];
            for (int p = t.pairStart[i]; i != excluded && p < t.pairStart[i + 1]; p++) {
                int j = t.pairObservation[p];
                if (localColumn[j] < 0 && gain(t, i, p) > 0) {
                    if (used == columns.length) {
                        columns = Arrays.copyOf(columns, 2 * used);
                    }
                    localColumn[j] = used;
                    columns[used++] = j;
                }
            }
        }
        int rows = excluded < 0 ? size(cluster) : size(cluster) - 1;
        int width = used + rows;
        if (cost.length < rows * width) {
            cost = new double[2 * rows * width];
        }
        Arrays.fill(cost, 0, rows * width, 0);
        int row = 0;
        for (int k = clusterStart[cluster]; k < clusterStart[cluster + 1]; k++) {
            int i = members[k];
            if (i == excluded) {
                continue;
            }
            Arrays.fill(cost, row * width, row * width + used, FORBIDDEN);
            for (int p = t.pairStart[i]; p < t.pairStart[i + 1]; p++) {
                int j = t.pairObservation[p];
                double gain = gain(t, i, p);
                if (gain > 0) {
                    cost[row * width + localColumn[j]] = -gain;
                }
            }
            row++;
        }
        return width;
    }

    private void release(PairTable t, int cluster) {
        for (int k = clusterStart[cluster]; k < clusterStart[cluster + 1]; k++) {
            int i = members[k];
            for (int p = t.pairStart[i]; p < t.pairStart[i + 1]; p++) {
                localColumn[t.pairObservation[p]] = -1;
            }
        }
    }

    private double value(int rows, int width) {
        int[] column = assignment.solve(cost, rows, width, width);
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum -= cost[r * width + column[r]];
        }
        return sum;
    }

    private double valueWithout(int rows, int width, int column) {
        // A column that no row uses at a price of zero can go for free; pricing is not unique, so ask by solving.
        // Rows are few: the exact solution is for small clusters.
        for (int r = 0; r < rows; r++) {
            saved[r] = cost[r * width + column];
            cost[r * width + column] = FORBIDDEN;
        }
        double value = value(rows, width);
        for (int r = 0; r < rows; r++) {
            cost[r * width + column] = saved[r];
        }
        return value;
    }
}
