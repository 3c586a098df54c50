package sightline.operators.litepose;

/**
 * A local maximum of a heat map.
 *
 * @param x pixel
 * @param y pixel
 * @param value of the heat map
 * @param tags of the tag map there; with the flip test a second one, of the mirrored picture
 */
@SuppressWarnings("ArrayRecordComponent")
record Peak(int x, int y, float value, float[] tags) {
    /** Euclidean distance of the tags to others. */
    double distance(double[] others) {
        double sum = 0;
        for (int t = 0; t < tags.length; t++) {
            sum += (tags[t] - others[t]) * (tags[t] - others[t]);
        }
        return Math.sqrt(sum);
    }
}
