package sightline.pipeline.web;

import sightline.config.domain.Origin;

/**
 * A picture made of an event's fused evidence.
 *
 * @param id one request; previews and the final picture share it
 * @param event the event depicted
 * @param whatIf the change that was asked for; empty for the event as it was
 * @param image reference of the picture; empty as long as there is none
 * @param viewpoint from where it looks
 * @param depictor who drew it
 * @param progress 1 is final, less is a preview
 * @param verdict of the reading back
 * @param score of the reading back, 0..1
 * @param reason one sentence for every verdict but ACCEPTED
 * @param timeNanos when it was made
 * @param origin never LIVE
 */
public record Depiction(
        String id,
        String event,
        String whatIf,
        String image,
        String viewpoint,
        String depictor,
        double progress,
        Verdict verdict,
        double score,
        String reason,
        long timeNanos,
        Origin origin) {
    /** What reading the picture back with our own detector said. */
    public enum Verdict {
        PENDING,
        ACCEPTED,
        REJECTED,
        EXEMPT,
        REFUSED,
        FAILED
    }
}
