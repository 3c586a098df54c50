package sightline.operators.pool;

/**
 * One person's joints, in fractions of the picture's width and height.
 *
 * @param x across, one for each joint
 * @param y down
 * @param score how sure each joint is, 0..1; 0 where it was not seen
 */
public record LabeledPose(float[] x, float[] y, float[] score) {
    public LabeledPose {
        if (x.length != y.length || x.length != score.length) {
            throw new IllegalArgumentException(
                    "a pose with " + x.length + ", " + y.length + " and " + score.length + " values");
        }
    }

    public int joints() {
        return x.length;
    }
}
