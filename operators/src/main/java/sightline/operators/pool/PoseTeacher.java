package sightline.operators.pool;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Keypoint;
import sightline.config.domain.Pose;
import sightline.operators.litepose.Poser;

/** Poses by a larger LitePose. What it returns for a joint is a place and how high the heat is there. */
public final class PoseTeacher implements DenseTeacher {
    private final Poser poser;

    /** Owns {@code poser}. */
    public PoseTeacher(Poser poser) {
        this.poser = poser;
    }

    @Override
    public String name() {
        return poser.identity().name();
    }

    @Override
    public Teaching teach(Picture picture, Teaching known) {
        List<LabeledPose> people = new ArrayList<>();
        List<Pose> seen = poser.perceive(List.of(StillFrame.of(Aspect.pad(picture))))
                .getFirst()
                .poses();
        for (Pose pose : seen) {
            people.add(labeled(pose.keypoints(), picture));
        }
        return known.withPeople(people);
    }

    private static LabeledPose labeled(List<Keypoint> joints, Picture picture) {
        int n = joints.size();
        var pose = new LabeledPose(new float[n], new float[n], new float[n]);
        for (int j = 0; j < n; j++) {
            Keypoint k = joints.get(j);
            pose.x()[j] = (float) (k.u() / picture.width());
            pose.y()[j] = (float) (k.v() / picture.height());
            boolean inside = pose.x()[j] < 1 && pose.y()[j] < 1;
            pose.score()[j] = inside ? (float) k.score() : 0;
        }
        return pose;
    }

    @Override
    public void close() {
        poser.close();
    }
}
