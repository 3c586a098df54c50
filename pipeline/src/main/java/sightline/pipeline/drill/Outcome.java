package sightline.pipeline.drill;

import java.util.Optional;
import java.util.OptionalDouble;
import sightline.config.domain.Event;
import sightline.operators.drill.Play;

/**
 * What became of a drill.
 *
 * @param play that was played
 * @param alarm the event that it had to raise, if it did
 * @param delay seconds from when it happened to when the alarm could be read from Kafka
 * @param tracked whether a fused track came of it at all
 * @param live live alarms with somebody of the drill among those involved; there must be none
 */
public record Outcome(Play play, Optional<Event> alarm, OptionalDouble delay, boolean tracked, int live) {
    /** One line for people. */
    public String says() {
        return alarm.map(e -> String.format(
                        java.util.Locale.ROOT,
                        "raised %.2f s after it happened%s: %s",
                        delay.orElseThrow(),
                        e.isNecessary() ? "" : ", as possible",
                        e.text()))
                .orElse(tracked ? "MISSED: it became a track, and no rule saw it" : "MISSED: no track came of it");
    }
}
