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
 * @param lostMetres a track whose place is less certain than this, by the root of its covariance's trace, is forgotten:
 *     whoever turns up there may be anybody, and so wide a place takes every false alarm for its own
 * @param trust how far a measurement counts as an observation, by its score
 * @param rule how beliefs come together
 * @param maxScans bound of the scans kept since the prior; the oldest is given up first
 */
public record FusionSettings(
        PresenceSettings filter,
        Motion motion,
        int lagTicks,
        double birth,
        double falseAlarmFloor,
        double lostMetres,
        ScoreTrust trust,
        Rule rule,
        int maxScans) {
    /** How beliefs come together. */
    public enum Rule {
        /** Each node holds a share 1/S of the prior and all of its own evidence; shares multiply. Exact. */
        SPLIT_PRODUCT,
        /** Each node holds all of the prior; posteriors are averaged geometrically. For unknown correlation. */
        GEOMETRIC_MEAN
    }

    public FusionSettings {
        if (lagTicks < 1
                || maxScans < 1
                || !(lostMetres > 0)
                || !(birth > 0 && birth <= 1)
                || !(falseAlarmFloor > 0 && falseAlarmFloor <= 1)) {
            throw new IllegalArgumentException("lagTicks " + lagTicks + ", birth " + birth + ", falseAlarmFloor "
                    + falseAlarmFloor + ", lostMetres " + lostMetres + ", maxScans " + maxScans);
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
                10,
                ScoreTrust.DETECTOR,
                Rule.SPLIT_PRODUCT,
                4096);
    }

    public FusionSettings withLag(int ticks) {
        return new FusionSettings(filter, motion, ticks, birth, falseAlarmFloor, lostMetres, trust, rule, maxScans);
    }

    public FusionSettings withRule(Rule newRule) {
        return new FusionSettings(
                filter, motion, lagTicks, birth, falseAlarmFloor, lostMetres, trust, newRule, maxScans);
    }

    public FusionSettings withMotion(Motion newMotion) {
        return new FusionSettings(
                filter, newMotion, lagTicks, birth, falseAlarmFloor, lostMetres, trust, rule, maxScans);
    }

    public FusionSettings withFilter(PresenceSettings newFilter) {
        return new FusionSettings(
                newFilter, motion, lagTicks, birth, falseAlarmFloor, lostMetres, trust, rule, maxScans);
    }

    public FusionSettings withTrust(ScoreTrust newTrust) {
        return new FusionSettings(
                filter, motion, lagTicks, birth, falseAlarmFloor, lostMetres, newTrust, rule, maxScans);
    }

    /** Exponent of the prior in a node's belief. */
    double share(int nodes) {
        return rule == Rule.SPLIT_PRODUCT ? 1.0 / nodes : 1;
    }
}
