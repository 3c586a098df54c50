package sightline.operators.depict;

import java.util.Arrays;
import java.util.List;
import sightline.config.domain.Brief;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Skeleton;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.WorldPoint;
import sightline.sensors.scene.ActorState;
import sightline.sensors.scene.Body;
import sightline.sensors.scene.PersonState;

/**
 * A brief as channels of pixels, which is how a network takes it: what is where, who it is, how far, and how people hold
 * themselves. Equal briefs give equal rasters; the meaning of the channels changes only with {@link #VERSION}.
 *
 * @param width pixels
 * @param height pixels
 * @param classes row-major: {@link #SKY}, {@link #GROUND}, {@link #ZONE}, or {@link #FIRST_OBJECT} plus the ordinal of the
 *     {@link ObjectClass}
 * @param instances row-major: 0 for nobody, else one plus the place among the brief's people and then vehicles
 * @param depth row-major, along the viewing axis, metres; infinite for the sky
 * @param poses joint-major, then row-major: for each joint of {@link Skeleton#CROWDPOSE_14} a Gaussian about it, 0..255,
 *     the largest of all people, hidden or not
 */
public record LayoutRaster(int width, int height, byte[] classes, byte[] instances, float[] depth, byte[] poses) {
    public static final int VERSION = 1;
    public static final int SKY = 0;
    public static final int GROUND = 1;
    public static final int ZONE = 2;
    public static final int FIRST_OBJECT = 16;

    private static final int LARGEST = 2048;
    private static final int MOST_INSTANCES = 255;
    /** Standard deviation of a joint's mark, metres: about a hand. */
    private static final double JOINT_SIGMA = 0.07;

    private static final double LEAST_SIGMA_PIXELS = 1;

    /** As the brief's viewpoint sees it, at any size up to {@value #LARGEST} a side. */
    public static LayoutRaster of(Brief brief, int width, int height) {
        if (width < BriefScene.SMALLEST || height < BriefScene.SMALLEST || width > LARGEST || height > LARGEST) {
            throw new IllegalArgumentException("a layout of " + width + "x" + height + " pixels is outside "
                    + BriefScene.SMALLEST + ".." + LARGEST + " a side");
        }
        return of(brief, BriefScene.of(brief, width, height));
    }

    /** As a camera sees it, with its distortion. */
    public static LayoutRaster of(Brief brief, CameraModel camera) {
        return of(brief, BriefScene.of(brief, camera));
    }

    private static LayoutRaster of(Brief brief, BriefScene scene) {
        scene.draw(0);
        int width = scene.camera.calibration().width();
        int height = scene.camera.calibration().height();
        byte[] classes = new byte[width * height];
        byte[] instances = new byte[width * height];
        float[] depth = new float[width * height];
        for (int i = 0; i < classes.length; i++) {
            int who = scene.drawn().owner(i);
            depth[i] = scene.drawn().depth(i).orElse(Float.POSITIVE_INFINITY);
            instances[i] = (byte) (who < 0 ? 0 : Math.min(MOST_INSTANCES, who + 1));
            classes[i] = (byte)
                    (who >= 0
                            ? FIRST_OBJECT + scene.cast.get(who).label().ordinal()
                            : depth[i] == Float.POSITIVE_INFINITY
                                    ? SKY
                                    : floor(brief, scene.camera, i % width, i / width));
        }
        byte[] poses = new byte[Skeleton.CROWDPOSE_14.joints().size() * width * height];
        for (ActorState actor : scene.cast) {
            if (actor instanceof PersonState person) {
                mark(person, scene.camera, width, height, poses);
            }
        }
        return new LayoutRaster(width, height, classes, instances, depth, poses);
    }

    private static int floor(Brief brief, CameraModel camera, int x, int y) {
        if (brief.zones().isEmpty()) {
            return GROUND;
        }
        return camera.ground(x + 0.5, y + 0.5)
                .filter(at -> brief.zones().stream().anyMatch(z -> z.contains(at)))
                .map(at -> ZONE)
                .orElse(GROUND);
    }

    private static void mark(PersonState person, CameraModel camera, int width, int height, byte[] poses) {
        Body body = Body.of(person);
        int joints = Skeleton.CROWDPOSE_14.joints().size();
        for (int j = 0; j < joints; j++) {
            WorldPoint at = body.joint(j);
            var pixel = camera.project(at);
            if (camera.depth(at) < 0.3 || pixel.isEmpty()) {
                continue;
            }
            var beside = camera.project(new WorldPoint(at.east(), at.north(), at.up() + JOINT_SIGMA));
            double sigma = beside.map(b -> Math.hypot(
                            b.u() - pixel.get().u(), b.v() - pixel.get().v()))
                    .orElse(LEAST_SIGMA_PIXELS);
            spot(pixel.get().u(), pixel.get().v(), Math.max(LEAST_SIGMA_PIXELS, sigma), width, height, j, poses);
        }
    }

    private static void spot(double u, double v, double sigma, int width, int height, int joint, byte[] poses) {
        int reach = (int) Math.ceil(3 * sigma);
        for (int y = Math.max(0, (int) v - reach); y <= Math.min(height - 1, (int) v + reach); y++) {
            for (int x = Math.max(0, (int) u - reach); x <= Math.min(width - 1, (int) u + reach); x++) {
                double far = Math.hypot(x + 0.5 - u, y + 0.5 - v) / sigma;
                int value = (int) Math.round(255 * Math.exp(-0.5 * far * far));
                int i = (joint * height + y) * width + x;
                poses[i] = (byte) Math.max(poses[i] & 255, value);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayoutRaster o
                && width == o.width
                && height == o.height
                && Arrays.equals(classes, o.classes)
                && Arrays.equals(instances, o.instances)
                && Arrays.equals(depth, o.depth)
                && Arrays.equals(poses, o.poses);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(classes) * 31 + Arrays.hashCode(instances);
    }

    @Override
    public String toString() {
        return "LayoutRaster v" + VERSION + " " + width + "x" + height + " of " + List.of(ObjectClass.values());
    }
}
