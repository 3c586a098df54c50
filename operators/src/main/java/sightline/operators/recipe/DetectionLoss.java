package sightline.operators.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.operators.pool.Target;

/**
 * The loss of an anchor-free detection head and its gradient: varifocal classification (Zhang et al.: an example's
 * target is its grade, a counter-example is discounted by how sure the network already is) and generalised overlap for
 * the boxes of examples, both divided by the sum of grades in the batch.
 *
 * <p>A cell inside an ignored object, or inside one whose class is not sure, is no counter-example of that class.
 *
 * <p>Threading: one thread; buffers are kept between calls.
 */
public final class DetectionLoss {
    private static final double FOCUS = 2;
    private static final double BACKGROUND = 0.75;
    private static final double BOX_WEIGHT = 2;

    private final int classes;
    private final OverlapLoss overlap = new OverlapLoss();
    private Assignment assignment;
    private double[] boxes;
    private boolean[] excused;

    public DetectionLoss(int classes) {
        this.classes = classes;
    }

    /**
     * Computes loss and gradient of a batch.
     *
     * @param levels head outputs; their gradient arrays are overwritten
     * @param targets objects of each picture
     * @param prior share of the fixed assignment, see {@link Assignment}
     * @return {@code loss} and its parts
     */
    public Map<String, Double> compute(List<HeadLevel> levels, List<List<Target>> targets, double prior) {
        int cells = levels.stream().mapToInt(HeadLevel::cells).sum();
        if (assignment == null || assignment.target.length != cells) {
            assignment = new Assignment(cells);
            boxes = new double[4 * cells];
            excused = new boolean[classes * cells];
        }
        double classLoss = 0;
        double boxLoss = 0;
        double grades = 0;
        double fit = 0;
        int examples = 0;
        for (int n = 0; n < targets.size(); n++) {
            int picture = n;
            decode(levels, n);
            assignment.assign(levels, targets.get(n), (c, cell) -> probability(levels, picture, c, cell), boxes, prior);
            weighByLabel(targets.get(n));
            excuse(levels, targets.get(n));
            classLoss += classes(levels, n, targets.get(n));
            for (int cell = 0; cell < cells; cell++) {
                if (assignment.target[cell] >= 0) {
                    boxLoss += box(levels, n, cell, targets.get(n).get(assignment.target[cell]));
                    grades += assignment.grade[cell];
                    fit += overlap.iou;
                    examples++;
                } else {
                    clearBox(levels, n, cell);
                }
            }
        }
        double scale = 1 / Math.max(1, grades);
        for (HeadLevel level : levels) {
            multiply(level.scoreGradient(), scale);
            multiply(level.boxGradient(), scale);
        }
        Map<String, Double> losses = new LinkedHashMap<>();
        losses.put("loss", (classLoss + boxLoss) * scale);
        losses.put("class", classLoss * scale);
        losses.put("box", boxLoss * scale);
        losses.put("fit", examples == 0 ? 0 : fit / examples);
        losses.put("examples", (double) examples / targets.size());
        return losses;
    }

    private static void multiply(float[] x, double by) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= (float) by;
        }
    }

    /** A teacher that is half sure makes half an example. */
    private void weighByLabel(List<Target> targets) {
        for (int cell = 0; cell < assignment.target.length; cell++) {
            int t = assignment.target[cell];
            if (t >= 0) {
                assignment.grade[cell] *= (float) Math.sqrt(targets.get(t).score());
            }
        }
    }

    private void decode(List<HeadLevel> levels, int n) {
        int cell = 0;
        for (HeadLevel level : levels) {
            int cells = level.cells();
            for (int i = 0; i < cells; i++, cell++) {
                double cx = (i % level.width() + 0.5) * level.stride();
                double cy = (i / level.width() + 0.5) * level.stride();
                for (int side = 0; side < 4; side++) {
                    double d = distance(level.boxes()[(n * 4 + side) * cells + i]) * level.stride();
                    boxes[4 * cell + side] = (side % 2 == 0 ? cx : cy) + (side < 2 ? -d : d);
                }
            }
        }
    }

    static double distance(float logarithm) {
        return Math.exp(Math.clamp(logarithm, HeadLevel.LOWEST, HeadLevel.HIGHEST));
    }

    private static double probability(List<HeadLevel> levels, int n, int label, int cell) {
        int i = cell;
        for (HeadLevel level : levels) {
            if (i < level.cells()) {
                int classes = level.scores().length * 4 / level.boxes().length;
                return sigmoid(level.scores()[(n * classes + label) * level.cells() + i]);
            }
            i -= level.cells();
        }
        throw new IndexOutOfBoundsException("cell " + cell);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private void excuse(List<HeadLevel> levels, List<Target> targets) {
        java.util.Arrays.fill(excused, false);
        for (Target t : targets) {
            if (!t.ignored()) {
                continue;
            }
            int offset = 0;
            for (HeadLevel level : levels) {
                for (int i = 0; i < level.cells(); i++) {
                    double cx = (i % level.width() + 0.5) * level.stride();
                    double cy = (i / level.width() + 0.5) * level.stride();
                    double reach = level.stride() / 2.0;
                    if (cx > t.left() - reach
                            && cx < t.right() + reach
                            && cy > t.top() - reach
                            && cy < t.bottom() + reach) {
                        excused[(offset + i) * classes + ClassChannel.of(t.label())] = true;
                    }
                }
                offset += level.cells();
            }
        }
    }

    private double classes(List<HeadLevel> levels, int n, List<Target> targets) {
        double sum = 0;
        int offset = 0;
        for (HeadLevel level : levels) {
            int cells = level.cells();
            for (int c = 0; c < classes; c++) {
                int from = (n * classes + c) * cells;
                for (int i = 0; i < cells; i++) {
                    int cell = offset + i;
                    int t = assignment.target[cell];
                    double x = level.scores()[from + i];
                    double p = sigmoid(x);
                    if (t >= 0 && ClassChannel.of(targets.get(t).label()) == c) {
                        double q = assignment.grade[cell];
                        sum += q * (softplus(x) - q * x);
                        level.scoreGradient()[from + i] = (float) (q * (p - q));
                    } else if (excused[cell * classes + c]) {
                        level.scoreGradient()[from + i] = 0;
                    } else {
                        double focal = BACKGROUND * Math.pow(p, FOCUS);
                        double miss = softplus(x);
                        sum += focal * miss;
                        level.scoreGradient()[from + i] = (float) (focal * (FOCUS * (1 - p) * miss + p));
                    }
                }
            }
            offset += cells;
        }
        return sum;
    }

    /** The cross-entropy of a counter-example with logit x: log(1 + exp x). */
    private static double softplus(double x) {
        return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
    }

    private double box(List<HeadLevel> levels, int n, int cell, Target t) {
        double[] truth = {t.left(), t.top(), t.right(), t.bottom()};
        double[] box = java.util.Arrays.copyOfRange(boxes, 4 * cell, 4 * cell + 4);
        double weight = BOX_WEIGHT * assignment.grade[cell];
        double loss = overlap.of(box, truth);
        int i = cell;
        for (HeadLevel level : levels) {
            if (i < level.cells()) {
                for (int side = 0; side < 4; side++) {
                    int at = (n * 4 + side) * level.cells() + i;
                    float raw = level.boxes()[at];
                    boolean inside = raw > HeadLevel.LOWEST && raw < HeadLevel.HIGHEST;
                    double perRaw = (side < 2 ? -1 : 1) * distance(raw) * level.stride();
                    level.boxGradient()[at] = inside ? (float) (weight * overlap.gradient[side] * perRaw) : 0;
                }
                break;
            }
            i -= level.cells();
        }
        return weight * loss;
    }

    private static void clearBox(List<HeadLevel> levels, int n, int cell) {
        int i = cell;
        for (HeadLevel level : levels) {
            if (i < level.cells()) {
                for (int side = 0; side < 4; side++) {
                    level.boxGradient()[(n * 4 + side) * level.cells() + i] = 0;
                }
                return;
            }
            i -= level.cells();
        }
    }
}
