package sightline.config.domain;

/**
 * One line of a receipt: what a sensor's scan did to a track or a tick.
 *
 * @param sensor who measured
 * @param node who processed it
 * @param sequence which scan
 * @param exposureNanos when it was exposed
 * @param status what became of it
 * @param reason one sentence where the status needs one, else empty
 * @param model digest of the network behind it, empty without one
 * @param calibration version in force, empty without one
 */
public record Contribution(
        String sensor,
        String node,
        long sequence,
        long exposureNanos,
        Status status,
        String reason,
        String model,
        String calibration) {
    /** What became of a scan. */
    public enum Status {
        /** It measured this track. */
        DETECTED,
        /** It could have seen the track and did not. */
        MISSED,
        /** It came after the tick but within the late window, and was folded in. */
        LATE,
        /** It was not used; the reason says why. */
        EXCLUDED
    }
}
