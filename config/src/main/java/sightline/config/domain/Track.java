package sightline.config.domain;

import java.util.Objects;

/**
 * A fused track at one tick.
 *
 * @param scene which scene
 * @param id {@code scene/birth-node/incarnation.counter}, kept through fusion and restart
 * @param tick scene tick
 * @param timeNanos exposure time that the state is valid for
 * @param state east, north (metres), east and north velocity (metres a second)
 * @param covariance row-major 4x4
 * @param presence credibility of existence, 0..1
 * @param absence credibility of non-existence, 0..1; necessity of existence is one minus it
 * @param label class, {@code null} where no evidence says
 * @param phase where the track is in its life
 * @param receipt who contributed
 * @param origin least real origin of its evidence
 */
public record Track(
        String scene,
        String id,
        long tick,
        long timeNanos,
        double[] state,
        double[] covariance,
        double presence,
        double absence,
        ObjectClass label,
        Phase phase,
        Receipt receipt,
        Origin origin) {
    /** Where a track is in its life. */
    public enum Phase {
        TENTATIVE,
        CONFIRMED,
        COASTING,
        ENDED
    }

    public Track {
        Objects.requireNonNull(id, "id");
        if (state.length != 4 || covariance.length != 16) {
            throw new IllegalArgumentException(
                    "a track has 4 states and 16 covariances, not " + state.length + " and " + covariance.length);
        }
    }

    public double east() {
        return state[0];
    }

    public double north() {
        return state[1];
    }

    public double speed() {
        return Math.hypot(state[2], state[3]);
    }

    /** What is not known of its existence: 0 when certain either way, 1 when both are fully credible. */
    public double ignorance() {
        return Math.min(presence, absence);
    }
}
