package sightline.operators.phd;

import sightline.operators.possibility.MaxMixture;

/**
 * How targets move: predicts max-mixtures over (east, north, east velocity, north velocity) in place. Stateless and
 * thread-safe. The weights never decay: survival is fully credible.
 */
public interface Motion {
    /**
     * @param state terms over the four states
     * @param seconds at least 0
     * @param split exponent o of the information share: process noise grows to Q / o, which makes prediction commute
     *     with powers; 1 for an undivided filter
     */
    void predict(MaxMixture state, double seconds, double split);
}
