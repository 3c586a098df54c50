package sightline.config.domain;

import java.util.List;

/**
 * All poses found in one frame.
 *
 * @param frame the frame they were found in
 * @param skeleton which joints
 * @param poses in falling order of score
 * @param model digest of the weights and graph that found them
 */
public record Poses(FrameHeader frame, Skeleton skeleton, List<Pose> poses, String model) {
    public Poses {
        poses = List.copyOf(poses);
    }
}
