package sightline.operators.evaluate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;

/**
 * Box detection as COCO scores it: AP50 and AP over overlaps .50 to .95 for each class, at most 100 claims a picture
 * and class.
 *
 * <p>Threading: one thread.
 */
public final class DetectionEvaluation {
    private static final int MAX_CLAIMS = 100;

    /** A box claimed with a score. */
    public record Claim(ObjectClass label, double score, Box box) {}

    /** A box known to be there; an ignored one counts neither way. */
    public record Truth(ObjectClass label, Box box, boolean ignored) {}

    private final Map<ObjectClass, List<PrecisionRecall>> classes = new EnumMap<>(ObjectClass.class);

    public DetectionEvaluation() {
        for (ObjectClass label : ObjectClass.values()) {
            List<PrecisionRecall> overlaps = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                overlaps.add(new PrecisionRecall(0.5 + 0.05 * i));
            }
            classes.put(label, overlaps);
        }
    }

    /** Adds a picture. */
    public void add(List<Claim> claims, List<Truth> truths) {
        for (ObjectClass label : ObjectClass.values()) {
            List<Claim> mine = claims.stream()
                    .filter(c -> c.label() == label)
                    .sorted((a, b) -> Double.compare(b.score(), a.score()))
                    .limit(MAX_CLAIMS)
                    .toList();
            List<Truth> known = truths.stream().filter(t -> t.label() == label).toList();
            double[] scores = mine.stream().mapToDouble(Claim::score).toArray();
            double[][] overlap = new double[mine.size()][known.size()];
            boolean[] ignored = new boolean[known.size()];
            for (int j = 0; j < ignored.length; j++) {
                ignored[j] = known.get(j).ignored();
                for (int i = 0; i < scores.length; i++) {
                    overlap[i][j] = similarity(mine.get(i).box(), known.get(j));
                }
            }
            classes.get(label).forEach(curve -> curve.add(scores, overlap, ignored));
        }
    }

    /** An ignored region excuses whatever lies inside it, so there the claim's own area is the measure. */
    private static double similarity(Box claim, Truth truth) {
        if (!truth.ignored()) {
            return claim.iou(truth.box());
        }
        Box box = truth.box();
        double w = Math.min(claim.right(), box.right()) - Math.max(claim.x(), box.x());
        double h = Math.min(claim.bottom(), box.bottom()) - Math.max(claim.y(), box.y());
        return w <= 0 || h <= 0 || claim.area() <= 0 ? 0 : w * h / claim.area();
    }

    /** Average precision at an overlap of one half; NaN where the class does not occur. */
    public double ap50(ObjectClass label) {
        return classes.get(label).getFirst().average();
    }

    /** Mean over ten overlaps; NaN where the class does not occur. */
    public double ap(ObjectClass label) {
        return classes.get(label).stream()
                .mapToDouble(PrecisionRecall::average)
                .average()
                .orElseThrow();
    }

    /** Mean of {@link #ap50} over the classes that occur; NaN where none does. */
    public double meanAp50() {
        return java.util.Arrays.stream(ObjectClass.values())
                .mapToDouble(this::ap50)
                .filter(x -> !Double.isNaN(x))
                .average()
                .orElse(Double.NaN);
    }

    /** The curve at an overlap of one half. */
    public PrecisionRecall curve(ObjectClass label) {
        return classes.get(label).getFirst();
    }

    /** One line a class: truths, AP50, AP, and the best working point; says so where no picture had an object. */
    public String table() {
        if (Double.isNaN(meanAp50())) {
            return String.format("no objects%n");
        }
        var out = new StringBuilder(
                String.format("%-11s %6s %6s %6s   best F1 at score: P / R%n", "", "truths", "AP50", "AP"));
        for (ObjectClass label : ObjectClass.values()) {
            PrecisionRecall curve = curve(label);
            WorkingPoint best = curve.best();
            if (curve.truths() > 0) {
                out.append(String.format(
                        "%-11s %6d %6.3f %6.3f   %.2f: %.3f / %.3f%n",
                        label.label(),
                        curve.truths(),
                        ap50(label),
                        ap(label),
                        best.score(),
                        best.precision(),
                        best.recall()));
            }
        }
        return out.toString();
    }
}
