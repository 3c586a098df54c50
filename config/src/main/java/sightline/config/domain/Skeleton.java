package sightline.config.domain;

import java.util.List;

/** Which joints a pose has, in which order, and which are joined by a limb. */
public enum Skeleton {
    CROWDPOSE_14(
            List.of(
                    "left_shoulder",
                    "right_shoulder",
                    "left_elbow",
                    "right_elbow",
                    "left_wrist",
                    "right_wrist",
                    "left_hip",
                    "right_hip",
                    "left_knee",
                    "right_knee",
                    "left_ankle",
                    "right_ankle",
                    "head",
                    "neck"),
            new int[][] {
                {12, 13}, {13, 0}, {13, 1}, {0, 2}, {2, 4}, {1, 3}, {3, 5}, {0, 6}, {1, 7}, {6, 7}, {6, 8}, {8, 10},
                {7, 9}, {9, 11}
            }),
    COCO_17(
            List.of(
                    "nose",
                    "left_eye",
                    "right_eye",
                    "left_ear",
                    "right_ear",
                    "left_shoulder",
                    "right_shoulder",
                    "left_elbow",
                    "right_elbow",
                    "left_wrist",
                    "right_wrist",
                    "left_hip",
                    "right_hip",
                    "left_knee",
                    "right_knee",
                    "left_ankle",
                    "right_ankle"),
            new int[][] {
                {0, 1}, {0, 2}, {1, 3}, {2, 4}, {5, 6}, {5, 7}, {7, 9}, {6, 8}, {8, 10}, {5, 11}, {6, 12}, {11, 12},
                {11, 13}, {13, 15}, {12, 14}, {14, 16}
            });

    private final List<String> joints;
    private final int[][] limbs;

    Skeleton(List<String> joints, int[][] limbs) {
        this.joints = joints;
        this.limbs = limbs;
    }

    public List<String> joints() {
        return joints;
    }

    /** The joint that a mirror shows in this one's place: left and right change, the others stay. */
    public int mirrored(int joint) {
        String name = joints.get(joint);
        return joints.indexOf(
                name.startsWith("left_") ? name.replace("left_", "right_") : name.replace("right_", "left_"));
    }

    /** Pairs of joint indices. */
    public int[][] limbs() {
        int[][] copy = new int[limbs.length][];
        for (int i = 0; i < limbs.length; i++) {
            copy[i] = limbs[i].clone();
        }
        return copy;
    }
}
