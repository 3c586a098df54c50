package sightline.operators.fusion;

import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Motion;
import sightline.operators.phd.PresenceSettings;

/**
 * Numbers of a fusion node. All nodes of a scene must have the same, or their priors never agree.
 *
 * @param filter of the tracks
 * @param motion of the targets
 * @param lagTicks ticks after which a tick is frozen: the late window, and the length of an epoch. 1 for lockstep
 * @param birth credibility, before any observation, that there is an unknown target
 * @param falseAlarmFloor false alarms are never held less credible than this: they are not as uniform as assumed
 * @param maxScans bound of the scans kept since the prior; the oldest is given up first
 */
public record FusionSettings(
        PresenceSettings filter, Motion motion, int lagTicks, double birth, double falseAlarmFloor, int maxScans) {
    public FusionSettings {
        if (lagTicks < 1
                || maxScans < 1
                || !(birth > 0 && birth <= 1)
                || !(falseAlarmFloor > 0 && falseAlarmFloor <= 1)) {
            throw new IllegalArgumentException("lagTicks " + lagTicks + ", birth " + birth + ", falseAlarmFloor "
                    + falseAlarmFloor + ", maxScans " + maxScans);
        }
    }

    /** Ground metres, people and vehicles: three detections confirm. */
    public static FusionSettings standard() {
        return new FusionSettings(
                PresenceSettings.standard(),
                new ConstantVelocity(1.0, ConstantVelocity.Kind.CONTINUOUS),
                5,
                1e-8,
                1e-3,
                4096);
    }

    public FusionSettings withLag(int ticks) {
        return new FusionSettings(filter, motion, ticks, birth, falseAlarmFloor, maxScans);
    }
}
