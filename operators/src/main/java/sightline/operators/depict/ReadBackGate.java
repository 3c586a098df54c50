package sightline.operators.depict;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import sightline.config.domain.Box;
import sightline.config.domain.Brief;
import sightline.config.domain.Detection;
import sightline.config.domain.ObjectClass;
import sightline.operators.assignment.LinearAssignment;

/**
 * Looks at a depiction with our own perception and holds what is found there against the brief. A picture that looks
 * right may lie: one person too many, one too few or one in the wrong place rejects it.
 *
 * <p>Both sides are compared in the same currency, the ground point under the lower edge of the box, so that the bias of
 * boxes cancels. People that the picture can't show (outside it, under the mark, or hidden behind others) are neither
 * expected nor held against it when they are found.
 *
 * <p>Threading: as its reader.
 */
public final class ReadBackGate {
    /** The perception that looks; boxes in pixels of the image that it is given. */
    @FunctionalInterface
    public interface Reader {
        List<Detection> look(BufferedImage image);
    }

    /**
     * How strict the gate is.
     *
     * @param metres farthest that a person may stand from where the brief has them
     * @param score least score of a detection that counts as a person too many
     */
    public record Tolerance(double metres, double score) {
        public static final Tolerance DEFAULT = new Tolerance(1.0, 0.5);
    }

    /**
     * What the gate found.
     *
     * @param accepted whether the picture may be shown
     * @param score share of people that are in both, 0..1; 1 for a picture that shows nobody and should not
     * @param reason one sentence
     */
    public record Reading(boolean accepted, double score, String reason) {}

    private static final double FORBIDDEN = 1e6;

    private final Reader reader;
    private final Tolerance tolerance;

    public ReadBackGate(Reader reader, Tolerance tolerance) {
        this.reader = reader;
        this.tolerance = tolerance;
    }

    /** Reads an unmarked depiction of a brief. */
    public Reading read(Brief brief, BufferedImage image) {
        Eye eye = new Eye(brief.viewpoint(), image.getWidth(), image.getHeight());
        List<Expected> expected = Expected.in(brief, eye, image.getWidth(), image.getHeight());
        List<Detection> found = reader.look(image).stream()
                .filter(d -> d.label() == ObjectClass.PERSON)
                .toList();
        int[] match = match(expected, found, eye);
        List<String> complaints = new ArrayList<>();
        int agreed = 0;
        int required = 0;
        for (int i = 0; i < expected.size(); i++) {
            required += expected.get(i).required() ? 1 : 0;
            if (match[i] >= 0) {
                agreed++;
            } else if (expected.get(i).required()) {
                complaints.add(expected.get(i).track() + " is not where the brief has them");
            }
        }
        int surplus = 0;
        for (int j = 0; j < found.size(); j++) {
            int index = j;
            if (found.get(j).score() >= tolerance.score()
                    && Arrays.stream(match).noneMatch(m -> m == index)
                    && expected.stream()
                            .noneMatch(e -> !e.required()
                                    && e.box().iou(found.get(index).box()) > 0.2)) {
                surplus++;
            }
        }
        if (surplus > 0) {
            complaints.add(surplus + (surplus == 1 ? " person" : " people") + " too many");
        }
        double score = required + surplus == 0 ? 1 : agreed / (double) (Math.max(agreed, required) + surplus);
        String reason = complaints.isEmpty()
                ? String.format(Locale.ROOT, "all %d people were found within %.1f m", required, tolerance.metres())
                : String.join("; ", complaints);
        return new Reading(complaints.isEmpty(), score, reason);
    }

    /** For each expected person the detection that shows them, or -1. */
    private int[] match(List<Expected> expected, List<Detection> found, Eye eye) {
        int[] match = new int[expected.size()];
        Arrays.fill(match, -1);
        if (expected.isEmpty() || found.isEmpty()) {
            return match;
        }
        // One dummy column a row lets anybody stay unmatched at the price of the tolerance.
        double[][] cost = new double[expected.size()][found.size() + expected.size()];
        for (int i = 0; i < cost.length; i++) {
            for (int j = 0; j < cost[i].length; j++) {
                double metres = j < found.size()
                        ? distance(expected.get(i).box(), found.get(j).box(), eye)
                        : tolerance.metres();
                cost[i][j] = metres > tolerance.metres() ? FORBIDDEN : metres;
            }
        }
        int[] column = LinearAssignment.solve(cost);
        for (int i = 0; i < match.length; i++) {
            match[i] = column[i] < found.size() && cost[i][column[i]] < FORBIDDEN ? column[i] : -1;
        }
        return match;
    }

    private static double distance(Box a, Box b, Eye eye) {
        double[] p = eye.ground(a.x() + a.width() / 2, a.bottom());
        double[] q = eye.ground(b.x() + b.width() / 2, b.bottom());
        return p == null || q == null ? Double.POSITIVE_INFINITY : Math.hypot(p[0] - q[0], p[1] - q[1]);
    }
}
