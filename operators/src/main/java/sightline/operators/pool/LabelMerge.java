package sightline.operators.pool;

import java.util.ArrayList;
import java.util.List;

/**
 * Joins a person's labels with a teacher's. On a completely labelled picture the person's stand alone. Elsewhere the
 * person's boxes stay, a teacher's box of at least {@code sure} that matches none of them joins as an example, and one
 * between {@code floor} and {@code sure} marks a place to ignore; only where the teacher saw less than {@code floor} is
 * there a counter-example.
 *
 * @param floor lowest score that keeps a place from being a counter-example
 * @param sure lowest score of an example
 */
public record LabelMerge(double floor, double sure) {
    /** Bounds that suit PicoDet's calibrated scores. */
    public static final LabelMerge PICODET = new LabelMerge(0.3, 0.5);

    public LabelMerge {
        if (!(floor > 0 && floor < sure && sure <= 1)) {
            throw new IllegalArgumentException("bounds must be 0 < floor < sure <= 1");
        }
    }

    public List<LabeledObject> merge(boolean complete, List<LabeledObject> human, List<LabeledObject> teacher) {
        List<LabeledObject> all = new ArrayList<>(human);
        if (complete) {
            return all;
        }
        for (LabeledObject t : teacher) {
            boolean known = human.stream().anyMatch(h -> overlap(h, t) > (h.label() == t.label() ? 0.45 : 0.7));
            if (!known && t.score() >= floor) {
                all.add(new LabeledObject(t.label(), t.box(), t.score(), t.score() < sure));
            }
        }
        return all;
    }

    private static double overlap(LabeledObject a, LabeledObject b) {
        return a.box().iou(b.box());
    }
}
