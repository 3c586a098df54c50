package sightline.operators.litepose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.kernels.vision.Placement;
import sightline.operators.litepose.Grouping.Person;

/**
 * From LitePose's two outputs to people: average the heat maps at input resolution, find peaks, group them by tag, nudge
 * them a quarter pixel towards the stronger neighbour, and look for missing joints where heat is high and the tag fits.
 *
 * <p>Follows the official evaluation without the flip test, in its order of steps and its roundings. Threading: one thread
 * at a time; working maps are kept from frame to frame.
 */
public final class AssociativeEmbedding {
    /** Peaks below it are not looked at. */
    public static final float PEAK_THRESHOLD = 0.1f;

    private final int joints;
    private final Maps heat;
    private final Maps tags;
    private final Maps middle;
    private final Maps middleTags;

    /**
     * @param joints J of the network
     * @param inputHeight pixels of the network's input
     * @param inputWidth pixels of the network's input
     */
    public AssociativeEmbedding(int joints, int inputHeight, int inputWidth) {
        this.joints = joints;
        this.heat = new Maps(joints, inputHeight, inputWidth);
        this.tags = new Maps(joints, inputHeight, inputWidth);
        this.middle = new Maps(joints, inputHeight / 2, inputWidth / 2);
        this.middleTags = new Maps(joints, inputHeight / 2, inputWidth / 2);
    }

    /**
     * @param coarse {@code 2J x H/4 x W/4}: heat maps, then tag maps
     * @param fine {@code J x H/2 x W/2}: heat maps
     * @param placement of the picture in the input, to map joints back
     * @param leastScore of a pose that is returned
     * @return poses in falling order of score, in pixels of the original picture
     */
    public List<Pose> decode(float[] coarse, float[] fine, Placement placement, double leastScore) {
        Maps quarter = new Maps(2 * joints, heat.height / 4, heat.width / 4, coarse);
        quarter.resizeInto(middle, 0);
        middle.averageWith(new Maps(joints, middle.height, middle.width, fine));
        middle.resizeInto(heat, 0);
        quarter.resizeInto(middleTags, joints);
        middleTags.resizeInto(tags, 0);

        List<List<Peak>> peaks = new ArrayList<>();
        for (int j = 0; j < joints; j++) {
            peaks.add(Peaks.of(heat, tags, j, PEAK_THRESHOLD));
        }
        List<Pose> poses = new ArrayList<>();
        for (Person person : Grouping.group(peaks)) {
            double score = score(person);
            if (score >= leastScore) {
                poses.add(new Pose(keypoints(person, placement), score));
            }
        }
        poses.sort(Comparator.comparingDouble(Pose::score).reversed());
        return poses;
    }

    private double score(Person person) {
        double sum = 0;
        for (Peak peak : person.joints) {
            sum += peak == null ? 0 : peak.value();
        }
        return sum / joints;
    }

    private List<Keypoint> keypoints(Person person, Placement placement) {
        double tag = meanTag(person);
        List<Keypoint> keypoints = new ArrayList<>(joints);
        for (int j = 0; j < joints; j++) {
            Peak peak = person.joints[j];
            Keypoint found = peak != null ? nudged(j, peak.x(), peak.y(), peak.value()) : searched(j, tag);
            keypoints.add(new Keypoint(placement.toSourceX(found.u()), placement.toSourceY(found.v()), found.score()));
        }
        return keypoints;
    }

    private double meanTag(Person person) {
        double sum = 0;
        int count = 0;
        for (int j = 0; j < joints; j++) {
            Peak peak = person.joints[j];
            if (peak != null) {
                sum += tags.at(j, peak.y(), peak.x());
                count++;
            }
        }
        return sum / count;
    }

    /** Where heat is highest after subtracting the rounded tag distance; kept if there is any heat. */
    private Keypoint searched(int joint, double tag) {
        int plane = heat.plane();
        int best = 0;
        double bestValue = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < plane; i++) {
            double value = heat.values[joint * plane + i] - Math.rint(Math.abs(tags.values[joint * plane + i] - tag));
            if (value > bestValue) {
                bestValue = value;
                best = i;
            }
        }
        float value = heat.values[joint * plane + best];
        return value > 0 ? nudged(joint, best % heat.width, best / heat.width, value) : new Keypoint(0, 0, 0);
    }

    /** A quarter pixel towards the larger neighbour, ties towards the smaller index, then to the pixel's centre. */
    private Keypoint nudged(int joint, int x, int y, double value) {
        double dx = heat.at(joint, y, Math.min(x + 1, heat.width - 1)) > heat.at(joint, y, Math.max(x - 1, 0))
                ? 0.25
                : -0.25;
        double dy = heat.at(joint, Math.min(y + 1, heat.height - 1), x) > heat.at(joint, Math.max(y - 1, 0), x)
                ? 0.25
                : -0.25;
        return new Keypoint(x + dx + 0.5, y + dy + 0.5, value);
    }
}
