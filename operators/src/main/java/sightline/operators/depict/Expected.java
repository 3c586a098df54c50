package sightline.operators.depict;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Box;
import sightline.config.domain.Brief;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;

/**
 * A person that a picture of a brief should show.
 *
 * @param track who
 * @param box around the joints, pixels
 * @param joints {x, y} in CrowdPose order, pixels
 * @param depth metres from the eye
 * @param lying whether they lie on the ground
 * @param required whether the picture must show them: wholly inside, above the mark, and not hidden by somebody nearer
 */
record Expected(String track, Box box, List<double[]> joints, double depth, boolean lying, boolean required) {
    private static final double HIDDEN = 0.2;
    private static final double SMALLEST = 20;
    private static final double SURE = 0.2;
    private static final int FEWEST = 6;
    /** A pose farther off than this is somebody else's. */
    private static final double STRANGER = 1;

    static List<Expected> in(Brief brief, Eye eye, int width, int height) {
        List<Expected> all = new ArrayList<>();
        for (Brief.Person person : brief.people()) {
            List<double[]> joints = Figure.joints(person);
            Box box = box(joints, eye);
            if (box != null && box.right() > 0 && box.x() < width && box.bottom() > 0 && box.y() < height) {
                boolean inside = box.x() >= 0 && box.right() <= width && box.y() >= 0 && box.bottom() <= height * 0.9;
                double depth = eye.depth(person.at().east(), person.at().north(), 0);
                all.add(new Expected(
                        person.track(),
                        box,
                        joints.stream().map(eye::project).toList(),
                        depth,
                        person.posture() == Brief.Posture.FALLEN,
                        inside && box.height() >= SMALLEST));
            }
        }
        return all.stream()
                .map(e -> new Expected(e.track, e.box, e.joints, e.depth, e.lying, e.required && !e.hidden(all)))
                .toList();
    }

    private boolean hidden(List<Expected> others) {
        double covered = 0;
        for (Expected other : others) {
            if (other.depth < depth) {
                double w = Math.min(box.right(), other.box.right()) - Math.max(box.x(), other.box.x());
                double h = Math.min(box.bottom(), other.box.bottom()) - Math.max(box.y(), other.box.y());
                covered += Math.max(0, w) * Math.max(0, h);
            }
        }
        return covered > HIDDEN * box.area();
    }

    /** Whether the pose that lies on this person is another than theirs; no pose contradicts nobody. */
    boolean contradicted(List<Pose> poses, double tolerance) {
        return poses.stream()
                        .filter(p -> p.keypoints().size() == joints.size())
                        .mapToDouble(this::off)
                        .filter(off -> off < STRANGER)
                        .min()
                        .orElse(0)
                > tolerance;
    }

    /** Mean distance of the joints that the pose is sure of, in heights of the box; infinite without enough of them. */
    private double off(Pose pose) {
        double sum = 0;
        int sure = 0;
        for (int j = 0; j < joints.size(); j++) {
            Keypoint k = pose.keypoints().get(j);
            if (k.score() >= SURE) {
                sum += Math.hypot(k.u() - joints.get(j)[0], k.v() - joints.get(j)[1]);
                sure++;
            }
        }
        return sure < FEWEST ? Double.POSITIVE_INFINITY : sum / sure / Math.max(box.width(), box.height());
    }

    private static Box box(List<double[]> joints, Eye eye) {
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        for (double[] joint : joints) {
            double[] p = eye.project(joint);
            if (p == null) {
                return null;
            }
            double flesh = 0.08 * eye.scale(joint);
            left = Math.min(left, p[0] - flesh);
            right = Math.max(right, p[0] + flesh);
            top = Math.min(top, p[1] - flesh);
            bottom = Math.max(bottom, p[1] + flesh / 2);
        }
        return new Box(left, top, right - left, bottom - top);
    }
}
