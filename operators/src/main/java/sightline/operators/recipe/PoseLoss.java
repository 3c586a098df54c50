package sightline.operators.recipe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import sightline.operators.pool.LabeledPose;
import sightline.operators.pool.PoseTarget;

/**
 * The loss of a bottom-up pose network: squared error of heat maps at two strides, and associative embedding (Newell et
 * al. 2017), which pulls the tags of one person together and pushes those of different people apart.
 *
 * <p>A joint of which the teacher was half sure is masked: its surroundings are neither heat nor cold. Places near a joint
 * weigh more than the empty rest, for there are a thousand times fewer of them.
 *
 * <p>Threading: one caller at a time, who shares the pictures out over the common pool; buffers are kept between calls.
 */
final class PoseLoss {
    /** Radius of a joint in cells of a map. */
    static final double SIGMA = 2;
    /** Lowest score of a joint that is learned. */
    static final float SURE = 0.3f;
    /** Lowest score of a joint whose place is masked. */
    static final float FLOOR = 0.08f;

    /** Heat of a teacher's empty places. */
    private static final float QUIET = 0.03f;

    /**
     * How much more a joint weighs than an empty place. Whoever is not sure answers with n p / (n p + 1 - p), n being one
     * more than this: with 12, a chance of one in a hundred was a peak for the decoder, and there were three times too many.
     */
    private static final double NEAR_WEIGHT = 4;

    private static final double PUSH = 3;
    private static final double PULL = 3;
    /** Weight of a teacher's tags, as a mean over where it is sure of a joint. */
    private static final double FOLLOW = 0.5;
    /** Cells that one joint's heat covers. */
    private static final double CELLS_A_JOINT = 2 * Math.PI * SIGMA * SIGMA;

    private static final int REACH = 6;

    /**
     * One output of the network.
     *
     * @param side cells across and down
     * @param channels maps a picture
     * @param values to be filled before {@link #compute}
     * @param gradient overwritten
     */
    record Maps(int side, int channels, float[] values, float[] gradient) {
        static Maps of(int batch, int channels, int side) {
            int size = batch * channels * side * side;
            return new Maps(side, channels, new float[size], new float[size]);
        }

        /** Forgets a picture's gradient. */
        private void clear(int n) {
            int size = channels * side * side;
            Arrays.fill(gradient, n * size, (n + 1) * size, 0);
        }
    }

    private final int batch;
    private final int joints;
    private final Maps coarse;
    private final Maps fine;
    private final ThreadLocal<float[]> heats;

    PoseLoss(int batch, int joints, int coarseSide, int fineSide) {
        this.batch = batch;
        this.joints = joints;
        this.coarse = Maps.of(batch, 2 * joints, coarseSide);
        this.fine = Maps.of(batch, joints, fineSide);
        this.heats = ThreadLocal.withInitial(() -> new float[fineSide * fineSide]);
    }

    Maps coarse() {
        return coarse;
    }

    Maps fine() {
        return fine;
    }

    Map<String, Double> compute(List<PoseTarget> targets) {
        double seen = seen(targets);
        return with(targets, heat(coarse, targets, seen * 4) + heat(fine, targets, seen * 8));
    }

    /**
     * The same with a teacher's heat maps in place of maps drawn around labelled joints. Tags follow the teacher's where it
     * is sure of a joint, and the labels.
     *
     * @param coarseTags on the grid of {@code coarseHeat}
     */
    Map<String, Double> compute(List<PoseTarget> targets, float[] coarseHeat, float[] fineHeat, float[] coarseTags) {
        double seen = batch + each(n -> mass(coarseHeat, n)) / CELLS_A_JOINT;
        double heat = heat(coarse, coarseHeat, seen * 4) + heat(fine, fineHeat, seen * 8);
        double sure = each(n -> sure(coarseHeat, n));
        double follow = each(n -> follow(n, coarseHeat, coarseTags, FOLLOW / Math.max(1, sure)));
        Map<String, Double> losses = with(targets, heat);
        losses.merge("loss", follow, Double::sum);
        losses.put("follow", follow);
        return losses;
    }

    /** The sum of what every picture adds; pictures are looked at side by side and added up in order. */
    private double each(IntToDoubleFunction picture) {
        double[] parts =
                IntStream.range(0, batch).parallel().mapToDouble(picture).toArray();
        return Arrays.stream(parts).sum();
    }

    private double mass(float[] taught, int n) {
        int size = joints * coarse.side * coarse.side;
        double sum = 0;
        for (int i = n * size; i < (n + 1) * size; i++) {
            sum += Math.max(0, taught[i] - QUIET);
        }
        return sum;
    }

    private double sure(float[] taught, int n) {
        int size = joints * coarse.side * coarse.side;
        double sum = 0;
        for (int i = n * size; i < (n + 1) * size; i++) {
            sum += taught[i] > SURE ? taught[i] : 0;
        }
        return sum;
    }

    private double follow(int n, float[] taught, float[] tags, double weight) {
        int size = joints * coarse.side * coarse.side;
        double sum = 0;
        for (int i = 0; i < size; i++) {
            float t = taught[n * size + i];
            if (t > SURE) {
                int at = (2 * n + 1) * size + i;
                double d = coarse.values[at] - tags[n * size + i];
                sum += weight * t * d * d;
                coarse.gradient[at] += (float) (2 * weight * t * d);
            }
        }
        return sum;
    }

    private Map<String, Double> with(List<PoseTarget> targets, double heatLoss) {
        double[] tags = new double[2];
        for (int n = 0; n < batch; n++) {
            tags(n, targets.get(n), tags);
        }
        Map<String, Double> losses = new LinkedHashMap<>();
        losses.put("loss", heatLoss + tags[0] + tags[1]);
        losses.put("heat", heatLoss);
        losses.put("pull", tags[0]);
        losses.put("push", tags[1]);
        return losses;
    }

    /** Joints to learn, and those that a batch of empty pictures would have, lest such a batch be followed too far. */
    private double seen(List<PoseTarget> targets) {
        return batch + targets.stream().mapToDouble(PoseLoss::joints).sum();
    }

    private static double joints(PoseTarget t) {
        double n = 0;
        for (LabeledPose p : t.people()) {
            for (float s : p.score()) {
                n += s >= SURE ? 1 : 0;
            }
        }
        return n;
    }

    private double heat(Maps maps, List<PoseTarget> targets, double scale) {
        return each(n -> heat(maps, targets.get(n), n, scale));
    }

    private double heat(Maps maps, PoseTarget target, int n, double scale) {
        int cells = maps.side * maps.side;
        maps.clear(n);
        float[] heat = heats.get();
        double sum = 0;
        for (int j = 0; j < joints; j++) {
            draw(heat, maps.side, stride(maps), target, j);
            int from = (n * maps.channels + j) * cells;
            for (int i = 0; i < cells; i++) {
                float t = heat[i];
                if (t < 0) {
                    continue;
                }
                double d = maps.values[from + i] - t;
                double w = (1 + NEAR_WEIGHT * t) / scale;
                sum += w * d * d;
                maps.gradient[from + i] = (float) (2 * w * d);
            }
        }
        return sum;
    }

    private double heat(Maps maps, float[] taught, double scale) {
        return each(n -> heat(maps, taught, n, scale));
    }

    private double heat(Maps maps, float[] taught, int n, double scale) {
        int cells = maps.side * maps.side;
        maps.clear(n);
        double sum = 0;
        for (int i = 0; i < joints * cells; i++) {
            float t = Math.clamp(taught[n * joints * cells + i] - QUIET, 0, 1);
            int at = n * maps.channels * cells + i;
            double d = maps.values[at] - t;
            double w = (1 + NEAR_WEIGHT * t) / scale;
            sum += w * d * d;
            maps.gradient[at] = (float) (2 * w * d);
        }
        return sum;
    }

    private int stride(Maps maps) {
        return 2 * fine.side / maps.side;
    }

    /** The wanted heat of one joint; negative where nobody knows. */
    private void draw(float[] heat, int side, int stride, PoseTarget target, int joint) {
        Arrays.fill(heat, 0, side * side, 0);
        for (LabeledPose p : target.people()) {
            float score = p.score()[joint];
            if (score < FLOOR) {
                continue;
            }
            double x = p.x()[joint] / stride - 0.5;
            double y = p.y()[joint] / stride - 0.5;
            for (int v = Math.max(0, (int) y - REACH); v <= Math.min(side - 1, (int) y + REACH); v++) {
                for (int u = Math.max(0, (int) x - REACH); u <= Math.min(side - 1, (int) x + REACH); u++) {
                    double d = (u - x) * (u - x) + (v - y) * (v - y);
                    float g = (float) Math.exp(-d / (2 * SIGMA * SIGMA));
                    int at = v * side + u;
                    if (score >= SURE) {
                        heat[at] = Math.max(heat[at], g);
                    } else if (heat[at] < 0.3f && g > 0.3f) {
                        heat[at] = -1;
                    }
                }
            }
        }
    }

    private void tags(int n, PoseTarget target, double[] sums) {
        List<int[]> people = new ArrayList<>();
        List<Double> means = new ArrayList<>();
        for (LabeledPose p : target.people()) {
            int[] at = places(n, p);
            if (at.length > 0) {
                people.add(at);
                means.add(Arrays.stream(at)
                        .mapToDouble(i -> coarse.values[i])
                        .average()
                        .orElseThrow());
            }
        }
        int count = people.size();
        if (count == 0) {
            return;
        }
        double pull = PULL / (count * batch);
        double push = count < 2 ? 0 : PUSH / ((double) count * (count - 1) * batch);
        for (int a = 0; a < count; a++) {
            int[] at = people.get(a);
            double away = 0;
            for (int b = 0; b < count; b++) {
                if (a != b) {
                    double d = means.get(a) - means.get(b);
                    double near = Math.exp(-d * d);
                    sums[1] += push * near;
                    away += 2 * push * near * -2 * d;
                }
            }
            for (int i : at) {
                double d = coarse.values[i] - means.get(a);
                sums[0] += pull * d * d / at.length;
                coarse.gradient[i] += (float) ((pull * 2 * d + away) / at.length);
            }
        }
    }

    /** Where the tags of a person's joints stand in the coarse output. */
    private int[] places(int n, LabeledPose p) {
        int side = coarse.side;
        int stride = stride(coarse);
        int[] at = new int[joints];
        int found = 0;
        for (int j = 0; j < joints; j++) {
            int u = (int) (p.x()[j] / stride);
            int v = (int) (p.y()[j] / stride);
            if (p.score()[j] >= SURE && u >= 0 && v >= 0 && u < side && v < side) {
                at[found++] = ((n * coarse.channels + joints + j) * side + v) * side + u;
            }
        }
        return Arrays.copyOf(at, found);
    }
}
