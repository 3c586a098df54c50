package sightline.operators.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Keypoint;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Skeleton;
import sightline.config.site.Rehearsal;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.scene.BareScene;
import sightline.sensors.scene.BoxPerturbation;
import sightline.sensors.scene.GeometricLabels;
import sightline.sensors.scene.ObjectLabel;
import sightline.sensors.scene.Picture;

/**
 * What a camera's double makes of a play: painted figures on plain paving, every message marked DRILL. Drawn on demand, a
 * frame at a time; equal arguments give equal pixels. Not safe for threads.
 */
public final class Film {
    private static final double NOON = 12;
    private static final double SUNSHINE = 0.45;
    /** What a pose network's joints are off by, in heights of the person. */
    private static final double JOINT_SHARE = 0.015;

    private final String name;
    private final CameraModel camera;
    private final Play play;
    private final long seed;
    private final double framesPerSecond;
    private BareScene scene;

    /**
     * @param camera name of the real camera
     * @param model how it sees
     * @param framesPerSecond that are asked for
     * @param seed of all noise
     */
    public Film(String camera, CameraModel model, Play play, double framesPerSecond, long seed) {
        this.name = Rehearsal.doubleOf(camera);
        this.camera = model;
        this.play = play;
        this.framesPerSecond = framesPerSecond;
        this.seed = seed;
    }

    /** Frames from the curtain's rise to the end. */
    public int frames() {
        return (int) Math.ceil(play.length() * framesPerSecond);
    }

    /** When a frame is exposed, seconds since the curtain rose. */
    public double seconds(int frame) {
        return frame / framesPerSecond;
    }

    /** A frame drawn; its header still lacks the hour of the performance. The first one casts the ground, which takes long. */
    public Picture draw(int frame) {
        if (scene == null) {
            scene = new BareScene(camera, List.of(), NOON);
        }
        return scene.draw(header(0, frame), play.at(seconds(frame)), SUNSHINE, seed * 1_000_003 + frame);
    }

    /** Who is to be seen in a frame, by geometry; nothing is drawn. */
    public List<ObjectLabel> labels(int frame) {
        return GeometricLabels.of(camera, play.at(seconds(frame)));
    }

    /** A frame's header in a performance that began then. */
    public FrameHeader header(long curtainNanos, int frame) {
        long exposure = curtainNanos + Math.round(seconds(frame) * 1e9);
        return new FrameHeader(
                name,
                curtainNanos,
                frame,
                new ObservationTime(exposure, 1_000_000, "drill", 0, 0),
                Origin.DRILL,
                camera.calibration().width(),
                camera.calibration().height(),
                camera.calibration().version(),
                "");
    }

    /** What a middling detector would say of a frame. */
    public Detections detections(FrameHeader header, List<ObjectLabel> labels) {
        return new Detections(
                header,
                BoxPerturbation.TYPICAL.apply(labels, header.width(), header.height(), random(header, 1)),
                BoxPerturbation.MODEL);
    }

    /** What a middling pose network would say of a frame. */
    public Poses poses(FrameHeader header, List<ObjectLabel> labels) {
        SplittableRandom random = random(header, 2);
        List<Pose> poses = new ArrayList<>();
        for (ObjectLabel label : labels) {
            label.pose().ifPresent(pose -> poses.add(shaken(pose, label, random)));
        }
        return new Poses(header, Skeleton.CROWDPOSE_14, poses, BoxPerturbation.MODEL);
    }

    private SplittableRandom random(FrameHeader header, int what) {
        return new SplittableRandom((seed * 31 + what) * 1_000_003 + header.sequence());
    }

    private static Pose shaken(Pose pose, ObjectLabel label, SplittableRandom random) {
        double size = Math.max(label.whole().width(), label.whole().height());
        List<Keypoint> joints = pose.keypoints().stream()
                .map(k -> new Keypoint(
                        k.u() + JOINT_SHARE * size * random.nextGaussian(),
                        k.v() + JOINT_SHARE * size * random.nextGaussian(),
                        0.9 * k.score()))
                .toList();
        return new Pose(joints, 0.9 * pose.score());
    }
}
