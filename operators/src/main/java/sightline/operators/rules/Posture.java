package sightline.operators.rules;

import java.util.List;
import java.util.Optional;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.config.site.GroundPoint;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.PixelPoint;
import sightline.sensors.geometry.WorldPoint;

/**
 * What one camera's pose says of somebody's posture: how high the joints reach above the lowest one, measured along the
 * picture's image of "up" at that place, in units of what a standing person of 1.6 m (shoulders to soles and a bit of
 * head) would span there. About 1 for standing, 0.6 for sitting, below 0.4 for lying, from any side.
 *
 * <p>Between those figures both postures are credible. Joints that the network is unsure of leave both credible as far as
 * it is unsure: a bad pose is ignorance, never a fall.
 *
 * @param at about where on the ground
 * @param upright credibility of being upright, 0..1
 * @param lying credibility of lying, 0..1
 */
record Posture(GroundPoint at, double upright, double lying) {
    private static final double SPAN_METRES = 1.6;
    private static final double SURE = 0.2;
    private static final int FEWEST_JOINTS = 6;

    static Optional<Posture> of(Pose pose, CameraModel camera) {
        List<Keypoint> joints =
                pose.keypoints().stream().filter(k -> k.score() >= SURE).toList();
        if (joints.size() < FEWEST_JOINTS) {
            return Optional.empty();
        }
        double u = joints.stream().mapToDouble(Keypoint::u).average().orElseThrow();
        double low = joints.stream().mapToDouble(Keypoint::v).max().orElseThrow();
        return camera.ground(u, low).flatMap(ground -> of(joints, camera, ground));
    }

    private static Optional<Posture> of(List<Keypoint> joints, CameraModel camera, GroundPoint ground) {
        Optional<PixelPoint> foot = camera.project(WorldPoint.ground(ground.east(), ground.north()));
        Optional<PixelPoint> head = camera.project(new WorldPoint(ground.east(), ground.north(), SPAN_METRES));
        if (foot.isEmpty() || head.isEmpty()) {
            return Optional.empty();
        }
        double du = head.get().u() - foot.get().u();
        double dv = head.get().v() - foot.get().v();
        double span = Math.hypot(du, dv);
        // Seen from straight above, up is a point: such a camera cannot tell standing from lying.
        if (span < 8) {
            return Optional.empty();
        }
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Keypoint joint : joints) {
            double along = (joint.u() * du + joint.v() * dv) / span;
            least = Math.min(least, along);
            most = Math.max(most, along);
        }
        double height = (most - least) / span;
        double quality = joints.stream().mapToDouble(Keypoint::score).average().orElseThrow();
        double doubt = 1 - Math.min(1, quality / 0.6);
        double lying = Math.clamp((0.7 - height) / 0.3, 0, 1);
        double upright = Math.clamp((height - 0.35) / 0.3, 0, 1);
        return Optional.of(new Posture(ground, Math.max(upright, doubt), Math.max(lying, doubt)));
    }
}
