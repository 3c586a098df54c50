package sightline.config.domain;

/**
 * A picture of an event, or why there is none.
 *
 * @param event id of the event
 * @param viewpoint where it is seen from
 * @param depictor who drew it
 * @param seed of all randomness
 * @param image reference into the evidence store; empty without a picture
 * @param score read-back score, 0..1
 * @param verdict what the gate said
 * @param reason one sentence
 * @param engine code and weights that drew it
 * @param digest of brief, engine, seed and size, lower-case hex
 * @param progress 1 is final, less is a preview
 * @param timeNanos wall clock when it was finished
 * @param origin always SYNTHETIC where there is a picture
 */
public record RenderResult(
        String event,
        String viewpoint,
        String depictor,
        long seed,
        String image,
        double score,
        Verdict verdict,
        String reason,
        String engine,
        String digest,
        double progress,
        long timeNanos,
        Origin origin) {
    /** What became of a request. */
    public enum Verdict {
        /** The gate found what the brief says. */
        ACCEPTED,
        /** The gate found something else; the schematic is shown in its place. */
        REJECTED,
        /** A drawing computed from the brief, with no model to distrust. */
        EXEMPT,
        /** Never started: queue full or deadline passed. */
        REFUSED,
        /** The depictor failed. */
        FAILED
    }
}
