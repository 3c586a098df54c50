package sightline.sensors.decode;

/**
 * What is accepted before a byte is allocated.
 *
 * @param longestSide pixels
 * @param mostPixels width times height
 * @param mostScans of a progressive picture
 */
public record JpegLimits(int longestSide, long mostPixels, int mostScans) {
    /** Up to 8K pictures; encoders write about ten scans. */
    public static final JpegLimits DEFAULT = new JpegLimits(8192, 36_000_000, 64);
}
