package sightline.kernels.train;

import java.time.Duration;

/**
 * Asks a run to pause: it ends after the step that is on its way, with a checkpoint, and goes on another time.
 *
 * <p>Threading: asked by the thread that trains.
 */
@FunctionalInterface
public interface Pause {
    /** Goes on to the end. */
    Pause NEVER = () -> false;

    /** Whether to pause now. */
    boolean asked();

    /** After so much time from now. */
    static Pause after(Duration limit) {
        long started = System.nanoTime();
        return () -> System.nanoTime() - started > limit.toNanos();
    }

    /** When either asks. */
    default Pause or(Pause other) {
        return () -> asked() || other.asked();
    }
}
