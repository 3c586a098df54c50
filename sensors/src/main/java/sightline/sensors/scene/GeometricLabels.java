package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import sightline.config.domain.Box;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.config.domain.Skeleton;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.PixelPoint;
import sightline.sensors.geometry.WorldPoint;

/**
 * Labels without drawing: occlusion is judged on a grid of points in each box against the boxes of what stands nearer.
 * Cheap, and close enough to decide what a detector could have found; the renderer's labels are exact.
 */
public final class GeometricLabels {
    private static final int COLUMNS = 5;
    private static final int ROWS = 12;
    private static final double FEET = 0.85;

    private GeometricLabels() {}

    /** Every actor of whom something shows, nearest first. */
    public static List<ObjectLabel> of(CameraModel camera, List<ActorState> actors) {
        double width = camera.calibration().width();
        double height = camera.calibration().height();
        List<Seen> seen = new ArrayList<>();
        for (ActorState actor : actors) {
            double depth = camera.depth(WorldPoint.ground(actor.east(), actor.north()));
            Optional<Box> box = depth < 0.5 ? Optional.empty() : Silhouette.of(camera, actor);
            box.filter(b -> b.right() > 0 && b.bottom() > 0 && b.x() < width && b.y() < height)
                    .ifPresent(b -> seen.add(new Seen(actor, b, depth)));
        }
        seen.sort(Comparator.comparingDouble(Seen::depth));
        List<ObjectLabel> labels = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            label(camera, seen.get(i), seen.subList(0, i), width, height).ifPresent(labels::add);
        }
        return labels;
    }

    private record Seen(ActorState actor, Box box, double depth) {
        /** The part of the box that a body fills. */
        boolean hides(double u, double v) {
            double inset = actor instanceof PersonState ? 0.2 * box.width() : 0.03 * box.width();
            return u > box.x() + inset && u < box.right() - inset && v > box.y() && v < box.bottom();
        }
    }

    private static Optional<ObjectLabel> label(
            CameraModel camera, Seen seen, List<Seen> nearer, double width, double height) {
        Box box = seen.box();
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        int shown = 0;
        int feet = 0;
        for (int r = 0; r < ROWS; r++) {
            double v = box.y() + (r + 0.5) * box.height() / ROWS;
            for (int c = 0; c < COLUMNS; c++) {
                double u = box.x() + (c + 0.5) * box.width() / COLUMNS;
                if (u < 0 || v < 0 || u >= width || v >= height || hidden(nearer, u, v)) {
                    continue;
                }
                shown++;
                feet += v > box.y() + FEET * box.height() ? 1 : 0;
                left = Math.min(left, u - 0.5 * box.width() / COLUMNS);
                right = Math.max(right, u + 0.5 * box.width() / COLUMNS);
                top = Math.min(top, v - 0.5 * box.height() / ROWS);
                bottom = Math.max(bottom, v + 0.5 * box.height() / ROWS);
            }
        }
        if (shown == 0) {
            return Optional.empty();
        }
        left = Math.max(0, left);
        top = Math.max(0, top);
        Box visible = new Box(left, top, Math.min(width, right) - left, Math.min(height, bottom) - top);
        boolean footShows = feet > 0 && box.bottom() < height - 1;
        Optional<ImagePoint> foot = footShows
                ? camera.project(WorldPoint.ground(
                                seen.actor().east(), seen.actor().north()))
                        .map(p -> new ImagePoint(p.u(), p.v(), 0, 0, 0))
                : Optional.empty();
        Optional<Pose> pose = seen.actor() instanceof PersonState person
                ? Optional.of(pose(camera, person, nearer, width, height))
                : Optional.empty();
        return Optional.of(new ObjectLabel(
                seen.actor().id(),
                seen.actor().label(),
                box,
                visible,
                (double) shown / (ROWS * COLUMNS),
                foot,
                pose,
                seen.depth()));
    }

    private static boolean hidden(List<Seen> nearer, double u, double v) {
        for (Seen other : nearer) {
            if (other.hides(u, v)) {
                return true;
            }
        }
        return false;
    }

    private static Pose pose(CameraModel camera, PersonState person, List<Seen> nearer, double width, double height) {
        Body body = Body.of(person);
        int joints = Skeleton.CROWDPOSE_14.joints().size();
        List<Keypoint> keypoints = new ArrayList<>(joints);
        double sum = 0;
        for (int j = 0; j < joints; j++) {
            Optional<PixelPoint> at = camera.project(body.joint(j));
            double score = 0;
            double u = 0;
            double v = 0;
            if (at.isPresent()) {
                u = at.get().u();
                v = at.get().v();
                boolean inside = u >= 0 && v >= 0 && u < width && v < height;
                score = !inside ? 0 : hidden(nearer, u, v) ? 0.5 : 1;
            }
            sum += score;
            keypoints.add(new Keypoint(u, v, score));
        }
        return new Pose(keypoints, sum / joints);
    }
}
