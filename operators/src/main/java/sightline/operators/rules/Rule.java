package sightline.operators.rules;

import java.util.List;
import sightline.config.domain.Event;
import sightline.config.domain.Poses;
import sightline.config.domain.SensorStatus;

/** One configured rule with its memory. Not thread-safe: the engine owns it. */
interface Rule {
    /** Judges a tick. */
    List<Event> at(Moment moment);

    /** Takes poses of a camera into account; most rules do not. */
    default void poses(Poses poses) {}

    /** Takes the state of a sensor into account; most rules do not. */
    default void status(SensorStatus status) {}
}
