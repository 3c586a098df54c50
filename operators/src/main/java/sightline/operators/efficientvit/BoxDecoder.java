package sightline.operators.efficientvit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.ObjectClass;
import sightline.kernels.graph.Finding;
import sightline.kernels.vision.Placement;
import sightline.sensors.geometry.FootPoint;

/**
 * From the detection head's maps to objects: threshold, decode, class-wise non-maximum suppression.
 *
 * <p>At level l with stride s the head gives, for the cell whose centre is at pixel ((x + 0.5) s, (y + 0.5) s) of the
 * input, one logit a class and the distances from the centre to the box's left, upper, right and lower edge as
 * {@code s exp(v)}. Logits are compared with the logit of the threshold, so that only survivors pay for an exponential.
 *
 * <p>Threading: safe from any thread; allocates one small record a survivor.
 */
public final class BoxDecoder {
    /** Bound of the exponent, here and in the loss. */
    public static final float LARGEST_EXPONENT = 6;

    private static final int MOST_CANDIDATES = 1000;
    private static final int ROW = Finding.Boxes.ROW;
    private static final ObjectClass[] LABELS = ObjectClass.values();
    private static final int CLASSES = LABELS.length;

    private final float threshold;
    private final Finding.Boxes finding;

    /**
     * @param threshold least score
     * @param overlap intersection over union above which the weaker of two boxes of a class goes
     * @param most objects of one picture
     */
    public BoxDecoder(double threshold, double overlap, int most) {
        this.threshold = (float) threshold;
        float logit = (float) Math.log(threshold / (1 - threshold));
        this.finding = new Finding.Boxes(
                Arrays.stream(DetectionHead.STRIDES).boxed().toList(),
                LARGEST_EXPONENT,
                logit,
                overlap,
                MOST_CANDIDATES,
                most);
    }

    /** What the engine is to find, wherever it runs. */
    public Finding.Boxes finding() {
        return finding;
    }

    public double threshold() {
        return threshold;
    }

    /**
     * One level of the head.
     *
     * @param stride input pixels a cell
     * @param height cells
     * @param width cells
     * @param logits classes x height x width
     * @param distances 4 x height x width
     * @param offset of the picture in both arrays, in pictures
     */
    public record Level(int stride, int height, int width, float[] logits, float[] distances, int offset) {}

    /** A box of the input with its class, before suppression. */
    private record Candidate(int label, float score, Box box) {}

    /**
     * Objects in pixels of the original picture, in falling order of score.
     *
     * @param rows what {@link #finding} found in a batch
     * @param picture its place in the batch
     */
    public List<Detection> decode(float[] rows, int picture, Placement placement) {
        List<Detection> objects = new ArrayList<>();
        int first = picture * finding.most() * ROW;
        for (int row = first; row < first + finding.most() * ROW && rows[row + 5] >= 0; row += ROW) {
            Box box = new Box(rows[row], rows[row + 1], rows[row + 2] - rows[row], rows[row + 3] - rows[row + 1]);
            objects.add(detection(new Candidate((int) rows[row + 5], sigmoid(rows[row + 4]), box), placement));
        }
        return objects;
    }

    /** Objects in pixels of the original picture, in falling order of score. */
    public List<Detection> decode(List<Level> levels, Placement placement) {
        List<Candidate> candidates = new ArrayList<>();
        for (Level level : levels) {
            collect(level, candidates);
        }
        candidates.sort(Comparator.comparingDouble((Candidate c) -> -c.score));
        List<Candidate> kept = new ArrayList<>();
        for (Candidate c : candidates.subList(0, Math.min(MOST_CANDIDATES, candidates.size()))) {
            if (kept.size() == finding.most()) {
                break;
            }
            if (!isCovered(c, kept)) {
                kept.add(c);
            }
        }
        return kept.stream().map(c -> detection(c, placement)).toList();
    }

    private boolean isCovered(Candidate c, List<Candidate> stronger) {
        for (Candidate s : stronger) {
            if (s.label == c.label && s.box.iou(c.box) > finding.overlap()) {
                return true;
            }
        }
        return false;
    }

    private void collect(Level level, List<Candidate> candidates) {
        float[] logits = level.logits();
        float least = finding.least();
        int plane = level.height() * level.width();
        int size = CLASSES * plane;
        int base = level.offset() * size;
        for (int i = 0; i < size; i++) {
            if (logits[base + i] > least) {
                candidates.add(new Candidate(i / plane, sigmoid(logits[base + i]), box(level, i % plane, plane)));
            }
        }
    }

    private static Box box(Level level, int cell, int plane) {
        double s = level.stride();
        double cx = (cell % level.width() + 0.5) * s;
        double cy = (cell / level.width() + 0.5) * s;
        int base = level.offset() * 4 * plane + cell;
        double left = s * reach(level.distances()[base]);
        double up = s * reach(level.distances()[base + plane]);
        double right = s * reach(level.distances()[base + 2 * plane]);
        double down = s * reach(level.distances()[base + 3 * plane]);
        return new Box(cx - left, cy - up, left + right, up + down);
    }

    private static double reach(float v) {
        return Math.exp(Math.clamp(v, -LARGEST_EXPONENT, LARGEST_EXPONENT));
    }

    private static float sigmoid(float logit) {
        return (float) (1 / (1 + Math.exp(-logit)));
    }

    private static Detection detection(Candidate c, Placement p) {
        double left = Math.clamp(p.toSourceX(c.box.x()), 0, p.sourceWidth());
        double top = Math.clamp(p.toSourceY(c.box.y()), 0, p.sourceHeight());
        double right = Math.clamp(p.toSourceX(c.box.right()), 0, p.sourceWidth());
        double bottom = Math.clamp(p.toSourceY(c.box.bottom()), 0, p.sourceHeight());
        Box box = new Box(left, top, right - left, bottom - top);
        ObjectClass label = LABELS[c.label];
        return new Detection(label, c.score, box, FootPoint.of(label, box, p.sourceHeight()));
    }
}
