package sightline.config.evidence;

import java.util.Set;
import java.util.TreeSet;
import sightline.config.domain.Origin;

/**
 * What a stored content is and whom it concerns.
 *
 * @param contentType media type
 * @param origin least real origin
 * @param timeNanos exposure time shown, nanoseconds since the epoch
 * @param events ids of the events that it is evidence of
 * @param tracks ids of the tracks that it shows
 */
public record EvidenceLabel(String contentType, Origin origin, long timeNanos, Set<String> events, Set<String> tracks) {

    public EvidenceLabel {
        events = Set.copyOf(events);
        tracks = Set.copyOf(tracks);
    }

    /** The same content as evidence of more: all events and tracks of both, the less real origin. */
    EvidenceLabel join(EvidenceLabel other) {
        return new EvidenceLabel(
                contentType,
                origin.join(other.origin),
                timeNanos,
                union(events, other.events),
                union(tracks, other.tracks));
    }

    EvidenceLabel withoutEvent(String event) {
        Set<String> left = new TreeSet<>(events);
        left.remove(event);
        return new EvidenceLabel(contentType, origin, timeNanos, left, tracks);
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }
}
