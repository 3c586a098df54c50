package sightline.operators.phd;

/**
 * Numbers of the presence/absence filter.
 *
 * @param gate squared innovation distance beyond which a term and an observation do not meet; above
 *     {@code -2 log(F_fa alpha_nd)}, or it refuses claims that explain more than a miss and a false alarm do. A share of the
 *     information, being wide, would not refuse them, and so be surer than the whole
 * @param birthGate squared distance to the nearest track's mode beyond which an observation may start a new one
 * @param terms most terms of a track's mixture
 * @param termRadius squared distance within which a weaker term of the same track is absorbed
 * @param logTermPrune terms at or below it go
 * @param trackRadius squared distance of modes within which the weaker of two tracks is absorbed; 0 for never
 * @param logTrackPrune tracks of presence at or below it go
 * @param deathPerSecond credibility that a target is gone after a second without news
 * @param confirmAbsence absence credibility at or below which a fully credible presence is confirmed
 * @param releaseAbsence absence credibility above which a confirmed track is released (hysteresis)
 * @param birthSpeed standard deviation of a new track's velocity components, m/s
 * @param exclusion how tracks compete for one observation
 * @param maxTracks most tracks kept, strongest first
 */
public record PresenceSettings(
        double gate,
        double birthGate,
        int terms,
        double termRadius,
        double logTermPrune,
        double trackRadius,
        double logTrackPrune,
        double deathPerSecond,
        double confirmAbsence,
        double releaseAbsence,
        double birthSpeed,
        Exclusion exclusion,
        int maxTracks) {
    /** What an explanation may lose by lying beside the observation and still be kept. */
    private static final double LOG_CLOSE = Math.log(2);

    /** How tracks compete for one observation. */
    public enum Exclusion {
        /** The best other track alone stands against a claim: exact for separated tracks, cheap. */
        BEST_OTHER,
        /** Exact max-marginals of the joint assignment, cluster by cluster. */
        MAX_MARGINAL
    }

    public PresenceSettings {
        Checks.positive("gate", gate);
        Checks.positive("birthGate", birthGate);
        Checks.credibility("deathPerSecond", deathPerSecond);
        Checks.credibility("confirmAbsence", confirmAbsence);
        Checks.credibility("releaseAbsence", releaseAbsence);
        Checks.positive("birthSpeed", birthSpeed);
        if (terms < 1 || maxTracks < 1 || releaseAbsence < confirmAbsence) {
            throw new IllegalArgumentException("terms " + terms + ", maxTracks " + maxTracks + ", release "
                    + releaseAbsence + " against confirm " + confirmAbsence);
        }
    }

    /** For people and vehicles in metres. */
    public static PresenceSettings standard() {
        return new PresenceSettings(
                25, 9, 4, 1, Math.log(1e-3), 4, Math.log(1e-7), 0.01, 0.1, 0.5, 2, Exclusion.MAX_MARGINAL, 20_000);
    }

    public PresenceSettings withExclusion(Exclusion value) {
        return new PresenceSettings(
                gate,
                birthGate,
                terms,
                termRadius,
                logTermPrune,
                trackRadius,
                logTrackPrune,
                deathPerSecond,
                confirmAbsence,
                releaseAbsence,
                birthSpeed,
                value,
                maxTracks);
    }

    /**
     * For a share of the information that will be multiplied with others. A share is wide, so terms that lie close in it
     * may come apart in the product: more are kept. And what a node claims for a track may clash with what all others claim:
     * then the product must be able to fall back on this node having missed the target and seen a false alarm, so that
     * explanation is kept, however much less credible it is here.
     *
     * @param split share of the information, below 1
     * @param logMissAndFalseAlarm credibility of a miss and a false alarm together
     */
    public PresenceSettings ofShare(double split, double logMissAndFalseAlarm) {
        return new PresenceSettings(
                gate,
                birthGate,
                2 * terms,
                split * termRadius,
                Math.min(logTermPrune, logMissAndFalseAlarm - LOG_CLOSE),
                trackRadius,
                logTrackPrune,
                deathPerSecond,
                confirmAbsence,
                releaseAbsence,
                birthSpeed,
                exclusion,
                maxTracks);
    }
}
