package sightline.operators.pool;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Skeleton;

/**
 * The people of a training sample, in pixels of the network's input.
 *
 * @param people joints of each person; joints out of sight have score 0
 */
public record PoseTarget(List<LabeledPose> people) {
    /** Which joint is which when left and right change places, in CrowdPose's order. */
    private static final int[] MIRRORED = {1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 12, 13};

    public PoseTarget {
        people = List.copyOf(people);
    }

    static PoseTarget of(List<Placed> placed) {
        List<LabeledPose> people = new ArrayList<>();
        for (Placed p : placed) {
            for (LabeledPose pose : p.picture().teaching().people()) {
                people.add(placed(pose, p));
            }
        }
        return new PoseTarget(people);
    }

    private static LabeledPose placed(LabeledPose pose, Placed p) {
        int joints = Skeleton.CROWDPOSE_14.joints().size();
        float[] x = new float[joints];
        float[] y = new float[joints];
        float[] score = new float[joints];
        for (int j = 0; j < joints; j++) {
            int from = p.flip() ? MIRRORED[j] : j;
            x[j] = (float) p.across(pose.x()[from]);
            y[j] = (float) p.down(pose.y()[from]);
            score[j] = p.shows(x[j], y[j]) ? pose.score()[from] : 0;
        }
        return new LabeledPose(x, y, score);
    }
}
