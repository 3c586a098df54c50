package sightline.operators.depict;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sightline.config.domain.Box;
import sightline.config.domain.Brief;
import sightline.config.domain.Detection;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Pose;
import sightline.operators.assignment.LinearAssignment;

/**
 * Looks at a depiction with our own perception and holds what is found there against the brief. A picture that looks
 * right may lie: one person too many, one too few or one in the wrong place rejects it.
 *
 * <p>Both sides are compared in the same currency, the ground point under the lower edge of the box, so that the bias of
 * boxes cancels. Who lies and is not found is looked for once more with the picture turned ({@link Upright}). People that the picture can't show (outside it, under the mark, or hidden behind others) are neither
 * expected nor held against it when they are found.
 *
 * <p>Threading: as its reader.
 */
public final class ReadBackGate {
    /** The perception that looks; boxes in pixels of the image that it is given. */
    @FunctionalInterface
    public interface Reader {
        Sight look(BufferedImage image);

        /** What looks, as the record names it. */
        default String name() {
            return "reader";
        }
    }

    /**
     * What a reader sees.
     *
     * @param detections of every class and score
     * @param poses in CrowdPose order; empty where nobody looked for poses
     */
    public record Sight(List<Detection> detections, Optional<List<Pose>> poses) {
        public Sight {
            detections = List.copyOf(detections);
        }

        /** What closed eyes see. */
        public static Sight nothing() {
            return new Sight(List.of(), Optional.empty());
        }
    }

    /**
     * How strict the gate is.
     *
     * @param metres farthest that a person may stand from where the brief has them
     * @param seen least score of a detection that may be somebody whom the brief has
     * @param surplus least score of a detection that counts as a person too many
     * @param joints farthest that the joints of a pose may be off on average, in heights of the person's box
     */
    public record Tolerance(double metres, double seen, double surplus, double joints) {
        public static final Tolerance DEFAULT = new Tolerance(1.0, 0.25, 0.35, 0.25);
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
    /** A body that lies half its length away covers less of where it should be. */
    private static final double SAME_BODY = 0.4;

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
        Sight sight = reader.look(image);
        List<Detection> found = sight.detections().stream()
                .filter(d -> d.label() == ObjectClass.PERSON && d.score() >= tolerance.seen())
                .toList();
        boolean[] met = new boolean[expected.size()];
        boolean[] used = new boolean[found.size()];
        int[] match = match(expected, found, eye);
        for (int i = 0; i < match.length; i++) {
            if (match[i] >= 0) {
                met[i] = used[match[i]] = true;
            } else if (expected.get(i).required() && expected.get(i).lying()) {
                met[i] = isFoundTurned(expected.get(i), image);
            }
        }
        List<String> complaints = new ArrayList<>();
        int agreed = 0;
        int required = 0;
        for (int i = 0; i < expected.size(); i++) {
            required += expected.get(i).required() ? 1 : 0;
            if (met[i]) {
                agreed++;
            } else if (expected.get(i).required()) {
                complaints.add(expected.get(i).track() + " is not where the brief has them");
            }
        }
        int surplus = 0;
        for (int j = 0; j < found.size(); j++) {
            if (found.get(j).score() >= tolerance.surplus()
                    && !used[j]
                    && !explained(found.get(j).box(), expected, met)) {
                surplus++;
            }
        }
        if (surplus > 0) {
            complaints.add(surplus + (surplus == 1 ? " person" : " people") + " too many");
        }
        sight.poses().ifPresent(poses -> expected.stream()
                .filter(e -> e.required() && e.contradicted(poses, tolerance.joints()))
                .forEach(e -> complaints.add(e.track() + " holds another posture")));
        double score = required + surplus == 0 ? 1 : agreed / (double) (Math.max(agreed, required) + surplus);
        String reason = complaints.isEmpty()
                ? String.format(
                        Locale.ROOT,
                        "%s found %s within %.1f m and nobody else",
                        reader.name(),
                        people(required),
                        tolerance.metres())
                : reader.name() + ": " + String.join("; ", complaints);
        return new Reading(complaints.isEmpty(), score, reason);
    }

    private boolean isFoundTurned(Expected lying, BufferedImage image) {
        return Upright.of(lying, image)
                .filter(turned -> reader.look(turned.image()).detections().stream()
                        .anyMatch(d -> d.label() == ObjectClass.PERSON
                                && d.score() >= tolerance.seen()
                                && turned.box().iou(d.box()) >= SAME_BODY))
                .isPresent();
    }

    /** A second or partial box of somebody who was found, or of somebody of whom the picture shows but a part. */
    private static boolean explained(Box box, List<Expected> expected, boolean[] met) {
        for (int i = 0; i < met.length; i++) {
            Expected e = expected.get(i);
            boolean partial = !e.required() && e.box().iou(box) > 0.2;
            boolean second = met[i] && (e.box().iou(box) > 0.3 || within(box, e.box()) || within(e.box(), box));
            if (partial || second) {
                return true;
            }
        }
        return false;
    }

    /** Whether most of one box lies in the other. */
    private static boolean within(Box inner, Box outer) {
        double w = Math.min(inner.right(), outer.right()) - Math.max(inner.x(), outer.x());
        double h = Math.min(inner.bottom(), outer.bottom()) - Math.max(inner.y(), outer.y());
        return w > 0 && h > 0 && w * h > 0.7 * inner.area();
    }

    private static String people(int required) {
        return switch (required) {
            case 0 -> "nobody whom it had to find";
            case 1 -> "the one person";
            default -> "all " + required + " people";
        };
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
