package sightline.config.domain;

import java.util.List;

/**
 * One person's joints.
 *
 * @param keypoints in the order of the skeleton
 * @param score mean over all joints
 */
public record Pose(List<Keypoint> keypoints, double score) {
    public Pose {
        keypoints = List.copyOf(keypoints);
    }
}
