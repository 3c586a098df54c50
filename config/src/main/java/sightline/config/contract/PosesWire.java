package sightline.config.contract;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Skeleton;

/** {@code pose.camera.v1}. Joints travel in single precision: a hundredth of a pixel is beyond any network. */
final class PosesWire {

    private PosesWire() {}

    static sightline.config.wire.Poses write(Poses poses) {
        var out = sightline.config.wire.Poses.newBuilder()
                .setFrame(FrameWire.write(poses.frame()))
                .setSkeleton(poses.skeleton().name())
                .setModel(poses.model());
        for (Pose pose : poses.poses()) {
            var one = out.addPosesBuilder().setScore((float) pose.score());
            for (Keypoint joint : pose.keypoints()) {
                one.addKeypointsBuilder()
                        .setUPx((float) joint.u())
                        .setVPx((float) joint.v())
                        .setScore((float) joint.score());
            }
        }
        return out.build();
    }

    static Poses read(sightline.config.wire.Poses in) {
        Skeleton skeleton = skeleton(in.getSkeleton());
        List<Pose> poses = new ArrayList<>(in.getPosesCount());
        for (var pose : in.getPosesList()) {
            if (pose.getKeypointsCount() != skeleton.joints().size()) {
                throw new IllegalArgumentException("a pose has " + pose.getKeypointsCount() + " joints, " + skeleton
                        + " has " + skeleton.joints().size());
            }
            poses.add(new Pose(
                    pose.getKeypointsList().stream().map(PosesWire::read).toList(),
                    Checks.finite("pose.score", pose.getScore())));
        }
        return new Poses(FrameWire.read(in.hasFrame(), in.getFrame()), skeleton, poses, in.getModel());
    }

    private static Keypoint read(sightline.config.wire.Keypoint joint) {
        return new Keypoint(
                Checks.finite("keypoint.u_px", joint.getUPx()),
                Checks.finite("keypoint.v_px", joint.getVPx()),
                Checks.finite("keypoint.score", joint.getScore()));
    }

    private static Skeleton skeleton(String name) {
        for (Skeleton skeleton : Skeleton.values()) {
            if (skeleton.name().equals(name)) {
                return skeleton;
            }
        }
        throw Checks.unknown("skeleton", "'" + name + "'");
    }
}
