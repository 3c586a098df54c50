package sightline.operators.recipe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;
import sightline.operators.evaluate.DetectionEvaluation.Claim;

/**
 * Boxes of a batch's pictures in pixels of the network's input, with greedy suppression within each class. The trained
 * counterpart of the detector's own decoding, for evaluation during a run.
 *
 * @param floor lowest score kept
 * @param overlap above which the lower-scored of two boxes goes
 */
public record DetectionDecoder(double floor, double overlap) {
    private static final int CANDIDATES = 400;

    /** Boxes of one picture, best first. */
    public List<Claim> decode(List<HeadLevel> levels, int picture) {
        int classes = ObjectClass.values().length;
        List<Claim> found = new ArrayList<>();
        for (HeadLevel level : levels) {
            int cells = level.cells();
            for (ObjectClass label : ObjectClass.values()) {
                int c = ClassChannel.of(label);
                for (int i = 0; i < cells; i++) {
                    double score = 1 / (1 + Math.exp(-level.scores()[(picture * classes + c) * cells + i]));
                    if (score >= floor) {
                        found.add(new Claim(label, score, box(level, picture, i)));
                    }
                }
            }
        }
        found.sort(Comparator.comparingDouble(Claim::score).reversed());
        List<Claim> kept = new ArrayList<>();
        for (Claim claim : found.subList(0, Math.min(CANDIDATES, found.size()))) {
            if (kept.stream()
                    .noneMatch(k -> k.label() == claim.label() && k.box().iou(claim.box()) > overlap)) {
                kept.add(claim);
            }
        }
        return kept;
    }

    private static Box box(HeadLevel level, int picture, int i) {
        double[] d = new double[4];
        for (int side = 0; side < 4; side++) {
            d[side] = DetectionLoss.distance(level.boxes()[(picture * 4 + side) * level.cells() + i]) * level.stride();
        }
        double cx = (i % level.width() + 0.5) * level.stride();
        double cy = (i / level.width() + 0.5) * level.stride();
        return new Box(cx - d[0], cy - d[1], d[0] + d[2], d[1] + d[3]);
    }
}
