package sightline.operators.rules;

import java.util.List;
import sightline.config.domain.Track;

/** Finds what is kept of a moment: references of frames in the evidence store. Must not block. */
@FunctionalInterface
public interface Evidence {
    /** No evidence store. */
    Evidence NONE = (timeNanos, tracks) -> List.of();

    /**
     * References for an event.
     *
     * @param timeNanos exposure time at which the rule fired
     * @param tracks who is involved; their receipts name the frames
     */
    List<String> of(long timeNanos, List<Track> tracks);
}
