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

    private final double[] own;
    private final double[] fixed;
    private final int[] candidates;
    private final double[] claim;

    Assignment(int cells) {
        target = new int[cells];
        grade = new float[cells];
        own = new double[cells];
        fixed = new double[cells];
        candidates = new int[cells];
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
        for (HeadLevel level : levels) {
            int s = level.stride();
            int fromY = Math.max(0, (int) Math.floor(t.top() / s + 0.5));
            int toY = Math.min(level.height(), (int) Math.ceil(t.bottom() / s - 0.5));
            int fromX = Math.max(0, (int) Math.floor(t.left() / s + 0.5));
            int toX = Math.min(level.width(), (int) Math.ceil(t.right() / s - 0.5));
            for (int y = fromY; y < toY; y++) {
                for (int x = fromX; x < toX; x++) {
                    int cell = offset + y * level.width() + x;
                    double fit = iou(boxes, cell, truth);
                    own[found] = Math.sqrt(score.of(label, cell)) * Math.pow(fit, FIT_POWER);
                    fixed[found] = prior > 0 ? fixed(t, (x + 0.5) * s, (y + 0.5) * s, s) : 0;
                    topOwn = Math.max(topOwn, own[found]);
                    topFit = Math.max(topFit, fit);
                    topFixed = Math.max(topFixed, fixed[found]);
                    candidates[found++] = cell;
                }
            }
            offset += level.cells();
        }
        if (found == 0) {
            // Too small to hold any cell's centre: the nearest cell of the finest stride learns it.
            take(nearest(levels.getFirst(), t), index, 1, Math.max(prior, 0.5));
            return;
        }
        for (int i = 0; i < found; i++) {
            double byOwn = topOwn > 0 ? own[i] / topOwn : 0;
            double byFixed = topFixed > 0 ? fixed[i] / topFixed : 0;
            own[i] = 1e-12 + (1 - prior) * byOwn + prior * byFixed;
        }
        grade(index, found, prior + (1 - prior) * topFit);
    }

    private static int nearest(HeadLevel level, Target t) {
        int x = Math.clamp((int) ((t.left() + t.right()) / 2 / level.stride()), 0, level.width() - 1);
        int y = Math.clamp((int) ((t.top() + t.bottom()) / 2 / level.stride()), 0, level.height() - 1);
        return y * level.width() + x;
    }

    private void grade(int index, int found, double quality) {
        int n = Math.min(EXAMPLES, found);
        double top = 0;
        for (int k = 0; k < n; k++) {
            int at = 0;
            for (int i = 1; i < found; i++) {
                if (own[i] > own[at]) {
                    at = i;
                }
            }
            double p = own[at];
            top = Math.max(top, p);
            if (p / top < 0.02) {
                break;
            }
            own[at] = -1;
            take(candidates[at], index, p, p / top * quality);
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
