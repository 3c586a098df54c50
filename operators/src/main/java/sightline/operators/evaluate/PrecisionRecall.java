package sightline.operators.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Matches scored claims to truths, picture by picture, at one threshold of similarity, and sums up as COCO does: the
 * best-scored claim chooses first, a truth is found once, a claim that only meets an ignored truth counts neither way,
 * precision is made monotone and averaged over 101 recalls.
 *
 * <p>Threading: none of its own.
 */
public final class PrecisionRecall {
    private record Outcome(double score, boolean hit) {}

    private final double threshold;
    private final List<Outcome> outcomes = new ArrayList<>();
    private int truths;

    public PrecisionRecall(double threshold) {
        this.threshold = threshold;
    }

    /**
     * Adds one picture.
     *
     * @param scores of the claims, in any order
     * @param similarity of claim i to truth j
     * @param ignored which truths count neither way
     */
    public void add(double[] scores, double[][] similarity, boolean[] ignored) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingDouble((Integer i) -> scores[i]).reversed());
        for (boolean i : ignored) {
            truths += i ? 0 : 1;
        }
        boolean[] found = new boolean[ignored.length];
        for (int claim : order) {
            int best = best(similarity[claim], ignored, found, false);
            boolean excused = best < 0 && best(similarity[claim], ignored, found, true) >= 0;
            if (best >= 0) {
                found[best] = true;
            }
            if (!excused) {
                outcomes.add(new Outcome(scores[claim], best >= 0));
            }
        }
    }

    private int best(double[] similarity, boolean[] ignored, boolean[] found, boolean amongIgnored) {
        int best = -1;
        for (int j = 0; j < ignored.length; j++) {
            boolean open = amongIgnored ? ignored[j] : !ignored[j] && !found[j];
            if (open && similarity[j] >= threshold && (best < 0 || similarity[j] > similarity[best])) {
                best = j;
            }
        }
        return best;
    }

    /** How many truths there are to find. */
    public int truths() {
        return truths;
    }

    /** Average precision in 0..1; NaN where there was nothing to find. */
    public double average() {
        if (truths == 0) {
            return Double.NaN;
        }
        List<Outcome> sorted = sorted();
        double[] precision = new double[sorted.size()];
        double[] recall = new double[sorted.size()];
        int hits = 0;
        for (int i = 0; i < precision.length; i++) {
            hits += sorted.get(i).hit() ? 1 : 0;
            precision[i] = (double) hits / (i + 1);
            recall[i] = (double) hits / truths;
        }
        for (int i = precision.length - 2; i >= 0; i--) {
            precision[i] = Math.max(precision[i], precision[i + 1]);
        }
        double sum = 0;
        int at = 0;
        for (int step = 0; step <= 100; step++) {
            while (at < recall.length && recall[at] < step / 100.0) {
                at++;
            }
            sum += at < recall.length ? precision[at] : 0;
        }
        return sum / 101;
    }

    /** The working point of the highest F1. */
    public WorkingPoint best() {
        WorkingPoint best = new WorkingPoint(1, 0, 0);
        int hits = 0;
        List<Outcome> sorted = sorted();
        for (int i = 0; i < sorted.size(); i++) {
            hits += sorted.get(i).hit() ? 1 : 0;
            var point = new WorkingPoint(
                    sorted.get(i).score(), (double) hits / (i + 1), truths == 0 ? 0 : (double) hits / truths);
            if (point.f1() > best.f1()) {
                best = point;
            }
        }
        return best;
    }

    /** Precision and recall of all claims of at least that score. */
    public WorkingPoint at(double score) {
        int claims = 0;
        int hits = 0;
        for (Outcome o : outcomes) {
            if (o.score() >= score) {
                claims++;
                hits += o.hit() ? 1 : 0;
            }
        }
        return new WorkingPoint(
                score, claims == 0 ? 1 : (double) hits / claims, truths == 0 ? 0 : (double) hits / truths);
    }

    private List<Outcome> sorted() {
        List<Outcome> sorted = new ArrayList<>(outcomes);
        sorted.sort(Comparator.comparingDouble(Outcome::score).reversed());
        return sorted;
    }
}
