package sightline.operators.litepose;

import sightline.config.domain.Keypoint;

/**
 * A local maximum of a heat map.
 *
 * @param x pixel
 * @param y pixel
 * @param value of the heat map
 * @param tags of the tag map there; with the flip test a second one, of the mirrored picture
 * @param dx a quarter pixel towards the larger neighbour in the row, ties towards the smaller index
 * @param dy the same in the column
 */
@SuppressWarnings("ArrayRecordComponent")
record Peak(int x, int y, float value, float[] tags, double dx, double dy) {
    /** Euclidean distance of the tags to others. */
    double distance(double[] others) {
        double sum = 0;
        for (int t = 0; t < tags.length; t++) {
            sum += (tags[t] - others[t]) * (tags[t] - others[t]);
        }
        return Math.sqrt(sum);
    }

    /** Where it is in the network's input, from the pixel's centre on. */
    Keypoint keypoint() {
        return new Keypoint(x + dx + 0.5, y + dy + 0.5, value);
    }
}
