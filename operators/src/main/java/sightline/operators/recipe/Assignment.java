package sightline.operators.recipe;

import java.util.Arrays;
import java.util.List;
import sightline.operators.pool.Target;

/**
 * Which cells of one picture learn which object, and how strongly (task-aligned assignment, Feng et al.): an object's
 * candidates are the cells whose centres lie inside it; the ten that score and fit it best are its examples, graded
 * relative to the best. While the network knows nothing, a fixed preference for central cells of a fitting stride takes
 * the place of its own opinion and fades out.
 *
 * <p>Threading: one thread; the arrays are overwritten by each call.
 */
final class Assignment {
    private static final int EXAMPLES = 10;
    private static final double FIT_POWER = 6;

    /** Index of the target of each cell, -1 for none; cells of all levels in a row. */
    final int[] target;

    /** Grade of each cell's example, 0..1. */
    final float[] grade;

    private final double[] preference;
    private final double[] claim;
    private final int[] best = new int[EXAMPLES];

    Assignment(int cells) {
        target = new int[cells];
        grade = new float[cells];
        preference = new double[cells];
        claim = new double[cells];
    }

    /**
     * Assigns one picture.
     *
     * @param score probability of class c in cell i
     * @param boxes of each cell, four numbers a cell
     * @param prior share of the fixed preference, 1 at the start and 0 once the network may decide
     */
    void assign(List<HeadLevel> levels, List<Target> targets, CellScores score, double[] boxes, double prior) {
        Arrays.fill(target, -1);
        Arrays.fill(grade, 0);
        Arrays.fill(claim, 0);
        for (int t = 0; t < targets.size(); t++) {
            if (!targets.get(t).ignored()) {
                one(levels, t, targets.get(t), score, boxes, prior);
            }
        }
    }

    /** Probabilities of a picture by class and cell. */
    interface CellScores {
        double of(int label, int cell);
    }

    private void one(List<HeadLevel> levels, int index, Target t, CellScores score, double[] boxes, double prior) {
        double[] truth = {t.left(), t.top(), t.right(), t.bottom()};
        int label = ClassChannel.of(t.label());
        int found = 0;
        double topOwn = 0;
        double topFit = 0;
        double topFixed = 0;
        int offset = 0;
        int nearest = -1;
        double nearestFixed = -1;
        for (HeadLevel level : levels) {
            for (int y = 0; y < level.height(); y++) {
                double cy = (y + 0.5) * level.stride();
                for (int x = 0; x < level.width(); x++) {
                    double cx = (x + 0.5) * level.stride();
                    int cell = offset + y * level.width() + x;
                    preference[cell] = 0;
                    double fixed = fixed(t, cx, cy, level.stride());
                    if (fixed > nearestFixed) {
                        nearestFixed = fixed;
                        nearest = cell;
                    }
                    if (cx > t.left() && cx < t.right() && cy > t.top() && cy < t.bottom()) {
                        double fit = iou(boxes, cell, truth);
                        double own = Math.sqrt(score.of(label, cell)) * Math.pow(fit, FIT_POWER);
                        topOwn = Math.max(topOwn, own);
                        topFit = Math.max(topFit, fit);
                        topFixed = Math.max(topFixed, fixed);
                        preference[cell] = own;
                        found++;
                    }
                }
            }
            offset += level.cells();
        }
        if (found == 0) {
            // Too small to hold any cell's centre: the nearest cell of the best stride learns it.
            take(nearest, index, 1, Math.max(prior, 0.5));
            return;
        }
        mix(levels, t, prior, topOwn, topFixed);
        grade(index, found, prior + (1 - prior) * topFit);
    }

    /** Own opinion and fixed preference, each relative to its best, in their shares. */
    private void mix(List<HeadLevel> levels, Target t, double prior, double topOwn, double topFixed) {
        int offset = 0;
        for (HeadLevel level : levels) {
            for (int y = 0; y < level.height(); y++) {
                double cy = (y + 0.5) * level.stride();
                for (int x = 0; x < level.width(); x++) {
                    double cx = (x + 0.5) * level.stride();
                    int cell = offset + y * level.width() + x;
                    if (cx > t.left() && cx < t.right() && cy > t.top() && cy < t.bottom()) {
                        double own = topOwn > 0 ? preference[cell] / topOwn : 0;
                        double fixed = prior > 0 && topFixed > 0 ? fixed(t, cx, cy, level.stride()) / topFixed : 0;
                        preference[cell] = 1e-12 + (1 - prior) * own + prior * fixed;
                    }
                }
            }
            offset += level.cells();
        }
    }

    private void grade(int index, int found, double quality) {
        int n = Math.min(EXAMPLES, found);
        double top = 0;
        for (int k = 0; k < n; k++) {
            int at = -1;
            for (int cell = 0; cell < preference.length; cell++) {
                if (preference[cell] > 0 && (at < 0 || preference[cell] > preference[at])) {
                    at = cell;
                }
            }
            if (at < 0) {
                break;
            }
            double p = preference[at];
            top = Math.max(top, p);
            preference[at] = 0;
            best[k] = at;
            if (p / top < 0.02) {
                break;
            }
            take(at, index, p, p / top * quality);
        }
    }

    /** A cell that two objects want goes to the one that wants it more. */
    private void take(int cell, int index, double wanted, double graded) {
        if (wanted > claim[cell]) {
            claim[cell] = wanted;
            target[cell] = index;
            grade[cell] = (float) graded;
        }
    }

    private static double fixed(Target t, double cx, double cy, int stride) {
        double dx = (cx - (t.left() + t.right()) / 2) / stride;
        double dy = (cy - (t.top() + t.bottom()) / 2) / stride;
        double octaves = Math.log(Math.sqrt(Math.max(1, t.area())) / (4.0 * stride)) / Math.log(2);
        return Math.exp(-(dx * dx + dy * dy) / 3 - octaves * octaves);
    }

    private static double iou(double[] boxes, int cell, double[] truth) {
        int at = 4 * cell;
        double w = Math.min(boxes[at + 2], truth[2]) - Math.max(boxes[at], truth[0]);
        double h = Math.min(boxes[at + 3], truth[3]) - Math.max(boxes[at + 1], truth[1]);
        if (w <= 0 || h <= 0) {
            return 0;
        }
        double both = w * h;
        double own = (boxes[at + 2] - boxes[at]) * (boxes[at + 3] - boxes[at + 1]);
        return both / (own + (truth[2] - truth[0]) * (truth[3] - truth[1]) - both);
    }
}
