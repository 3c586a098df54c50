package sightline.operators.fusion;

import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Motion;
import sightline.operators.phd.PresenceSettings;

/**
 * Numbers of a fusion node.
 *
 * @param filter of the tracks
 * @param motion of the targets
 * @param replayNanos how late a scan may be against the newest and still count
 * @param replayScans bound of the replay window's memory
 * @param confirmations detections, in powers of the false-alarm credibility, that a new track needs
 */
public record FusionSettings(
        PresenceSettings filter, Motion motion, long replayNanos, int replayScans, double confirmations) {
    public static FusionSettings standard() {
        return new FusionSettings(
                PresenceSettings.standard(),
                new ConstantVelocity(1.0, ConstantVelocity.Kind.CONTINUOUS),
                500_000_000L,
                1024,
                2.7);
    }
}
