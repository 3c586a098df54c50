package sightline.config.evidence;

import java.time.Duration;

/**
 * How much is kept and for how long.
 *
 * @param maxBytes of contents and labels together; the oldest make room
 * @param maxAge counted from storing
 */
public record EvidenceLimits(long maxBytes, Duration maxAge) {

    public EvidenceLimits {
        if (maxBytes <= 0 || maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("limits must be positive, were " + maxBytes + " bytes, " + maxAge);
        }
    }
}
