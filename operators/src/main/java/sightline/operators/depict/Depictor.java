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

    Flux<Depiction> depict(Brief brief, Sitting sitting);
}
