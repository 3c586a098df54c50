package sightline.operators.litepose;

import java.util.List;
import java.util.stream.IntStream;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.config.domain.Skeleton;
import sightline.kernels.vision.Framing;

/**
 * From LitePose's two outputs to people: average the heat maps at input resolution, find peaks, group them by tag, nudge
 * them a quarter pixel towards the stronger neighbour, and look for missing joints where heat is high and the tag fits.
 *
 * <p>Follows the official evaluation in its order of steps and its roundings, with or without its flip test: then the
 * mirrored picture's heat maps are averaged in, and its tags are a second dimension. Threading: one thread at a time;
 * working maps are kept from frame to frame.
 */
public final class AssociativeEmbedding {
    /** Peaks below it are not looked at. */
    public static final float PEAK_THRESHOLD = 0.1f;

    private final Skeleton skeleton;
    private final int joints;
    private final Maps heat;
    private final Maps middle;
    private final Bilinear half;
    private final Bilinear full;
    private final View straight;
    private final View mirrored;
    private final Summits summits;

    /** What one run of the network says, at input resolution. */
    private record View(Maps heat, Tags tags) {}

    /**
     * @param skeleton of the network
     * @param inputHeight pixels of the network's input
     * @param inputWidth pixels of the network's input
     * @param flip whether the mirrored picture will be given as well
     */
    public AssociativeEmbedding(Skeleton skeleton, int inputHeight, int inputWidth, boolean flip) {
        this.skeleton = skeleton;
        this.joints = skeleton.joints().size();
        this.heat = new Maps(joints, inputHeight, inputWidth);
        this.summits = new Summits(heat);
        this.middle = new Maps(joints, inputHeight / 2, inputWidth / 2);
        this.half = new Bilinear(inputHeight / 4, inputWidth / 4, inputHeight / 2, inputWidth / 2);
        this.full = new Bilinear(inputHeight / 2, inputWidth / 2, inputHeight, inputWidth);
        this.straight = new View(heat, tags(inputHeight, inputWidth));
        this.mirrored =
                flip ? new View(new Maps(joints, inputHeight, inputWidth), tags(inputHeight, inputWidth)) : straight;
    }

    private Tags tags(int height, int width) {
        return new Tags(joints, height, width, half, full);
    }

    /**
     * Takes a picture's outputs: {@code 2J x H/4 x W/4} heat maps, then tags; {@code J x H/2 x W/2} heat maps.
     *
     * @param picture which of those that the arrays hold
     */
    public void see(float[] coarse, float[] fine, int picture) {
        see(
                new Maps(2 * joints, heat.height / 4, heat.width / 4, coarse),
                new Maps(joints, middle.height, middle.width, fine),
                picture,
                straight);
    }

    /** Takes the outputs for the mirrored picture, after {@link #see}; only where the flip test was announced. */
    public void seeMirrored(float[] coarse, float[] fine, int picture) {
        Maps quarter = new Maps(2 * joints, heat.height / 4, heat.width / 4);
        quarter.mirror(
                new Maps(2 * joints, quarter.height, quarter.width, coarse),
                picture * 2 * joints,
                m -> m < joints ? skeleton.mirrored(m) : joints + skeleton.mirrored(m - joints));
        Maps half = new Maps(joints, middle.height, middle.width);
        half.mirror(new Maps(joints, half.height, half.width, fine), picture * joints, skeleton::mirrored);
        see(quarter, half, 0, mirrored);
        heat.averageWith(mirrored.heat, 0);
    }

    private void see(Maps quarter, Maps fine, int picture, View view) {
        int first = picture * 2 * joints;
        middle.enlarge(quarter, first, half);
        middle.averageWith(fine, picture * joints);
        view.heat.enlarge(middle, 0, full);
        view.tags.see(quarter, first + joints);
    }

    private List<Tags> tags() {
        return mirrored == straight ? List.of(straight.tags) : List.of(straight.tags, mirrored.tags);
    }

    /**
     * The people in what was seen last.
     *
     * @param framing of the picture in the input, to map joints back
     * @param leastScore of a pose that is returned
     * @return poses in falling order of score, in pixels of the original picture
     */
    public List<Pose> decode(Framing framing, double leastScore) {
        summits.forget();
        return People.of(new Seen(), 1, framing, leastScore).getFirst();
    }

    /** The maps as they are now. */
    private final class Seen implements Evidence {
        @Override
        public List<List<Peak>> peaks(int picture) {
            return IntStream.range(0, joints)
                    .mapToObj(j -> Peaks.of(heat, tags(), j, PEAK_THRESHOLD))
                    .toList();
        }

        @Override
        public List<Keypoint> find(List<Missing> missing) {
            return missing.stream().map(this::find).toList();
        }

        private Keypoint find(Missing missing) {
            int joint = missing.joint();
            int best = summits.best(joint, straight.tags.plane(joint), mirrored.tags.plane(joint), missing.tag());
            int y = best / heat.width;
            int x = best % heat.width;
            float value = heat.at(joint, y, x);
            return value > 0
                    ? new Peak(x, y, value, new float[0], heat.nudgeAcross(joint, y, x), heat.nudgeDown(joint, y, x))
                            .keypoint()
                    : NOWHERE;
        }
    }
}
