package sightline.config.domain;

/**
 * A wish for a picture of an event.
 *
 * @param brief what to draw
 * @param depictor who should draw it
 * @param seed of all randomness; (event, viewpoint, depictor, seed) identifies the picture
 * @param budgetMillis compute that may be spent, milliseconds of one core
 * @param deadlineNanos wall clock after which nobody waits any more
 * @param priority larger is more urgent
 * @param width pixels
 * @param height pixels
 * @param origin of the evidence
 */
public record RenderRequest(
        Brief brief,
        String depictor,
        long seed,
        long budgetMillis,
        long deadlineNanos,
        int priority,
        int width,
        int height,
        Origin origin) {
    /** What makes two requests the same picture. */
    public String id() {
        return brief.event() + "|" + brief.viewpoint().name() + "|" + depictor + "|" + seed;
    }
}
