package sightline.config.site;

/**
 * A version of a camera's calibration.
 *
 * @param camera sensor name
 * @param version names it in records and receipts
 * @param validFromNanos exposure time from which it holds
 * @param width picture width that the numbers are for, pixels
 * @param height picture height, pixels
 * @param projection the model
 * @param pixelSigma what one marked image point is worth, pixels (residual of the calibration)
 */
public record Calibration(
        String camera,
        String version,
        long validFromNanos,
        int width,
        int height,
        Projection projection,
        double pixelSigma) {}
