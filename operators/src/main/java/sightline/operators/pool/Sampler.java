package sightline.operators.pool;

import java.nio.FloatBuffer;

/**
 * Makes training samples. What a sample looks like depends on the seed, the step and its place in the step's batch
 * alone, never on which thread made it.
 *
 * <p>Threading: one thread for each sampler.
 *
 * @param <T> what is known of a sample
 */
public interface Sampler<T> {
    /**
     * Draws one sample.
     *
     * @param index its place in the step's batch
     * @param out overwritten from 0, 3 x side x side values
     */
    T draw(long step, int index, FloatBuffer out);
}
