package sightline.sensors.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sightline.config.domain.Box;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.config.domain.Skeleton;

/** Reads labels off a finished canvas: which pixels each actor kept against what the geometry says of the whole. */
final class DrawnLabels {
    private final Eye eye;
    private final Canvas canvas;
    private final double[] at = new double[3];

    DrawnLabels(Eye eye, Canvas canvas) {
        this.eye = eye;
        this.canvas = canvas;
    }

    /** Labels of the actors that show, in their order. */
    List<ObjectLabel> of(List<ActorState> actors) {
        int n = actors.size();
        int[] shown = new int[n];
        int[][] bounds = new int[n][];
        for (int i = 0; i < n; i++) {
            bounds[i] = new int[] {canvas.width, canvas.height, -1, -1};
        }
        for (int y = 0, i = 0; y < canvas.height; y++) {
            for (int x = 0; x < canvas.width; x++, i++) {
                int who = canvas.owner[i];
                if (who >= 0) {
                    shown[who]++;
                    int[] b = bounds[who];
                    b[0] = Math.min(b[0], x);
                    b[1] = Math.min(b[1], y);
                    b[2] = Math.max(b[2], x);
                    b[3] = Math.max(b[3], y);
                }
            }
        }
        List<ObjectLabel> labels = new ArrayList<>();
        for (int i = n - 1; i >= 0; i--) {
            if (shown[i] > 0) {
                labels.add(label(actors.get(i), i, shown[i], bounds[i]));
            }
        }
        return labels;
    }

    private ObjectLabel label(ActorState actor, int index, int shown, int[] b) {
        Box visible = new Box(b[0], b[1], b[2] + 1.0 - b[0], b[3] + 1.0 - b[1]);
        Box whole = Silhouette.of(eye.camera, actor).orElse(visible);
        double inside = Math.max(0, Math.min(whole.right(), canvas.width) - Math.max(whole.x(), 0))
                * Math.max(0, Math.min(whole.bottom(), canvas.height) - Math.max(whole.y(), 0))
                / Math.max(1e-9, whole.area());
        double visibility = Math.min(1, inside * shown / Math.max(shown, canvas.area(index)));
        boolean stands = eye.project(actor.east(), actor.north(), 0, at);
        double depth = at[2];
        boolean feet = b[3] + 1 >= whole.bottom() - Math.max(2, 0.08 * whole.height()) && b[3] < canvas.height - 1;
        Optional<ImagePoint> foot =
                stands && feet ? Optional.of(new ImagePoint(at[0], at[1], 0, 0, 0)) : Optional.empty();
        Optional<Pose> pose = actor instanceof PersonState person ? Optional.of(pose(person, index)) : Optional.empty();
        return new ObjectLabel(actor.id(), actor.label(), whole, visible, visibility, foot, pose, depth);
    }

    private Pose pose(PersonState person, int index) {
        Body body = Body.of(person);
        int joints = Skeleton.CROWDPOSE_14.joints().size();
        List<Keypoint> keypoints = new ArrayList<>(joints);
        double sum = 0;
        for (int j = 0; j < joints; j++) {
            double score = 0;
            double u = 0;
            double v = 0;
            if (eye.project(body.east(j), body.north(j), body.up(j), at)) {
                u = at[0];
                v = at[1];
                boolean inside = u >= 0 && v >= 0 && u < canvas.width && v < canvas.height;
                score = !inside ? 0 : shows(index, (int) u, (int) v) ? 1 : 0.5;
            }
            sum += score;
            keypoints.add(new Keypoint(u, v, score));
        }
        return new Pose(keypoints, sum / joints);
    }

    /** A joint shows if its person owns the pixel or one beside it: thin limbs may miss the very centre. */
    private boolean shows(int index, int x, int y) {
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                int px = x + dx;
                int py = y + dy;
                if (px >= 0
                        && py >= 0
                        && px < canvas.width
                        && py < canvas.height
                        && canvas.owner[py * canvas.width + px] == index) {
                    return true;
                }
            }
        }
        return false;
    }
}
