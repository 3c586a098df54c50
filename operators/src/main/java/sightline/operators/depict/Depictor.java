package sightline.operators.depict;

import reactor.core.publisher.Flux;
import sightline.config.domain.Brief;

/**
 * Draws a brief. Implementations may sharpen: each element is a better picture of the same brief, and the last one has
 * progress 1.
 *
 * <p>Threading: the work runs on the subscriber's request; subscribe on a scheduler of the branch, never on the main
 * path's. Cancellation is honoured between steps. Failure: an error signal whose message names the cause; a deadline that
 * has passed is an error, not a worse picture. The same brief, sitting and engine give the same bytes.
 */
public interface Depictor {
    /** The name under which requests ask for it. */
    String name();

    /** What drew it: code version, and the digest of the weights where there are any. */
    String engine();

    /**
     * Whether there is anything between the brief and the picture that could get it wrong. What a modelled depictor draws is
     * read back; what is computed by projection alone is exempt.
     */
    default boolean modelled() {
        return true;
    }

    /** Whether a trained network draws; the metadata say so. None does where nothing is modelled. */
    default boolean trained() {
        return modelled();
    }

    Flux<Depiction> depict(Brief brief, Sitting sitting);
}
