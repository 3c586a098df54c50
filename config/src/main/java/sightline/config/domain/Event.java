package sightline.config.domain;

import java.util.List;

/**
 * Something that a rule saw happen.
 *
 * @param id stable: rule, track ids and start tick; a replay makes the same id
 * @param rule configured rule name
 * @param kind what happened
 * @param zone zone or line name, empty where the rule has none
 * @param timeNanos exposure time at which the rule fired
 * @param possibility credibility that it happened, 0..1
 * @param necessity one minus the credibility that it did not happen, 0..1
 * @param tracks the tracks involved, as they were
 * @param evidence references into the evidence store
 * @param text one sentence for people
 * @param origin least real origin of its evidence
 */
public record Event(
        String id,
        String rule,
        Kind kind,
        String zone,
        long timeNanos,
        double possibility,
        double necessity,
        List<Track> tracks,
        List<String> evidence,
        String text,
        Origin origin) {
    /** What rules can see. */
    public enum Kind {
        ZONE_ENTER,
        ZONE_EXIT,
        ZONE_DWELL,
        LINE_CROSS,
        CROWDING,
        NEAR_MISS,
        FALL,
        LOITERING,
        SENSOR_FAULT
    }

    public Event {
        tracks = List.copyOf(tracks);
        evidence = List.copyOf(evidence);
    }

    /** Whether the rule is certain, rather than merely unable to rule it out. */
    public boolean isNecessary() {
        return necessity >= 0.5;
    }
}
