package sightline.operators.phd;

import java.util.List;

/**
 * State of a {@link PresenceFilter} at one time. The tracks are copies that nobody updates.
 *
 * @param timeNanos the filter's time, {@code Long.MIN_VALUE} before its first scan
 * @param labelMark where the label source stood
 * @param tracks in the filter's order
 */
public record PresenceState(long timeNanos, long labelMark, List<TrackHypothesis> tracks) {
    public static final PresenceState EMPTY = new PresenceState(Long.MIN_VALUE, 1, List.of());

    public PresenceState {
        tracks = List.copyOf(tracks);
    }
}
