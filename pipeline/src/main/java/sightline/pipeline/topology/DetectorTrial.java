package sightline.pipeline.topology;

import java.util.List;
import java.util.Locale;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;

/**
 * A candidate detector beside the present one, on the same pictures: how far they agree and what the candidate costs. Not
 * thread-safe.
 *
 * <p>Agreement is the F1 of matching each other's boxes (same class, IoU of a half or more, greedily by score). There is no
 * truth at hand, so this finds a candidate that is broken or other, not one that is better.
 */
final class DetectorTrial {
    /**
     * When a candidate passes.
     *
     * @param frames that both look at
     * @param agreement least F1
     * @param slowdown most time that it takes, as a multiple of the present detector's
     */
    record Terms(int frames, double agreement, double slowdown) {
        static final Terms DEFAULT = new Terms(40, 0.6, 2.0);
    }

    private static final double OVERLAP = 0.5;

    private final Terms terms;
    private int frames;
    private int matched;
    private int presentBoxes;
    private int candidateBoxes;
    private long presentNanos;
    private long candidateNanos;

    DetectorTrial(Terms terms) {
        this.terms = terms;
    }

    void seen(Detections present, long presentTook, Detections candidate, long candidateTook) {
        // The first run of a network compiles it; its time says nothing.
        if (frames++ > 0) {
            presentNanos += presentTook;
            candidateNanos += candidateTook;
        }
        presentBoxes += present.detections().size();
        candidateBoxes += candidate.detections().size();
        matched += matches(present.detections(), candidate.detections());
    }

    private static int matches(List<Detection> present, List<Detection> candidate) {
        boolean[] taken = new boolean[present.size()];
        int count = 0;
        for (Detection claim : candidate.stream()
                .sorted((a, b) -> Double.compare(b.score(), a.score()))
                .toList()) {
            int best = -1;
            double overlap = OVERLAP;
            for (int i = 0; i < taken.length; i++) {
                double iou = claim.box().iou(present.get(i).box());
                if (!taken[i] && present.get(i).label() == claim.label() && iou >= overlap) {
                    best = i;
                    overlap = iou;
                }
            }
            if (best >= 0) {
                taken[best] = true;
                count++;
            }
        }
        return count;
    }

    boolean over() {
        return frames >= terms.frames();
    }

    private double agreement() {
        int boxes = presentBoxes + candidateBoxes;
        return boxes == 0 ? 1 : 2.0 * matched / boxes;
    }

    private double slowdown() {
        return candidateNanos / (double) Math.max(1, presentNanos);
    }

    boolean passed() {
        return agreement() >= terms.agreement() && slowdown() <= terms.slowdown();
    }

    /** The outcome for people. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "%d frames seen by both: agreement %.2f (at least %.2f), %.2f times the time (at most %.2f)",
                frames,
                agreement(),
                terms.agreement(),
                slowdown(),
                terms.slowdown());
    }
}
