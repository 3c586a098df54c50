package sightline.operators.efficientvit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.ObjectClass;
import sightline.kernels.graph.Finding;
import sightline.kernels.vision.Placement;
import sightline.sensors.geometry.FootPoint;

/**
 * From what the engine finds in the detection head's maps to objects. {@link #finding} is a part of the graph: threshold,
 * boxes and class-wise suppression happen where the network runs.
 *
 * <p>At level l with stride s the head gives, for the cell whose centre is at pixel ((x + 0.5) s, (y + 0.5) s) of the
 * input, one logit a class and the distances from the centre to the box's left, upper, right and lower edge as
 * {@code s exp(v)}.
 *
 * <p>Threading: safe from any thread.
 */
public final class BoxDecoder {
    /** Bound of the exponent, here and in the loss. */
    public static final float LARGEST_EXPONENT = 6;

    private static final int MOST_CANDIDATES = 1000;
    private static final int ROW = Finding.Boxes.ROW;
    private static final ObjectClass[] LABELS = ObjectClass.values();

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
     * Objects in pixels of the original picture, in falling order of score.
     *
     * @param rows what {@link #finding} found in a batch
     * @param picture its place in the batch
     */
    public List<Detection> decode(float[] rows, int picture, Placement placement) {
        List<Detection> objects = new ArrayList<>();
        int first = picture * finding.most() * ROW;
        for (int row = first; row < first + finding.most() * ROW && rows[row + 5] >= 0; row += ROW) {
            objects.add(object(rows, row, placement));
        }
        return objects;
    }

    private static Detection object(float[] rows, int row, Placement p) {
        double left = Math.clamp(p.toSourceX(rows[row]), 0, p.sourceWidth());
        double top = Math.clamp(p.toSourceY(rows[row + 1]), 0, p.sourceHeight());
        double right = Math.clamp(p.toSourceX(rows[row + 2]), 0, p.sourceWidth());
        double bottom = Math.clamp(p.toSourceY(rows[row + 3]), 0, p.sourceHeight());
        float score = (float) (1 / (1 + Math.exp(-rows[row + 4])));
        ObjectClass label = LABELS[(int) rows[row + 5]];
        Box box = new Box(left, top, right - left, bottom - top);
        return new Detection(label, score, box, FootPoint.of(label, box, p.sourceHeight()));
    }
}
