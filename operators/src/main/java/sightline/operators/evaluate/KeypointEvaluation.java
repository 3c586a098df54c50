package sightline.operators.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Poses as COCO scores them: object keypoint similarity in place of box overlap.
 *
 * <p>Source of the similarity: COCO keypoint evaluation, exp(-d² / (2 s² (2σ)²)) averaged over the labelled joints, with
 * s² the area of the person. Which joints take part, and their σ, are the caller's.
 */
public final class KeypointEvaluation {
    /** A claimed pose: x and y of each joint, in pixels. */
    public record Claim(double score, double[] x, double[] y) {}

    /** A known pose; joints that nobody labelled are not {@code labelled}. */
    public record Truth(double[] x, double[] y, boolean[] labelled, double area) {}

    private final double[] sigmas;
    private final List<PrecisionRecall> curves = new ArrayList<>();

    public KeypointEvaluation(double[] sigmas) {
        this.sigmas = sigmas.clone();
        for (int i = 0; i < 10; i++) {
            curves.add(new PrecisionRecall(0.5 + 0.05 * i));
        }
    }

    /** Adds a picture; at most its twenty best claims count. */
    public void add(List<Claim> claims, List<Truth> truths) {
        List<Claim> best = claims.stream()
                .sorted((a, b) -> Double.compare(b.score(), a.score()))
                .limit(20)
                .toList();
        double[] scores = best.stream().mapToDouble(Claim::score).toArray();
        double[][] similarity = new double[scores.length][truths.size()];
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < truths.size(); j++) {
                similarity[i][j] = similarity(best.get(i), truths.get(j));
            }
        }
        boolean[] ignored = new boolean[truths.size()];
        for (int j = 0; j < ignored.length; j++) {
            ignored[j] = labelled(truths.get(j)) == 0;
        }
        curves.forEach(c -> c.add(scores, similarity, ignored));
    }

    private static int labelled(Truth truth) {
        int n = 0;
        for (boolean l : truth.labelled()) {
            n += l ? 1 : 0;
        }
        return n;
    }

    double similarity(Claim claim, Truth truth) {
        double sum = 0;
        int n = labelled(truth);
        for (int k = 0; k < sigmas.length; k++) {
            if (truth.labelled()[k]) {
                double dx = claim.x()[k] - truth.x()[k];
                double dy = claim.y()[k] - truth.y()[k];
                double variance = 4 * sigmas[k] * sigmas[k];
                sum += Math.exp(-(dx * dx + dy * dy) / (2 * truth.area() * variance));
            }
        }
        return n == 0 ? 0 : sum / n;
    }

    /** Mean over similarities .50 to .95; NaN where no picture had a labelled pose. */
    public double ap() {
        return curves.stream().mapToDouble(PrecisionRecall::average).average().orElseThrow();
    }

    public double ap50() {
        return curves.getFirst().average();
    }

    /** Both, for people to read; says so where no picture had a labelled pose. */
    public String summary() {
        return curves.getFirst().truths() == 0
                ? "no poses"
                : String.format(Locale.ROOT, "OKS AP %.3f, AP50 %.3f", ap(), ap50());
    }
}
