package sightline.operators.drill;

import java.util.List;
import sightline.config.domain.Event;
import sightline.sensors.scene.ActorState;

/**
 * A scene in which one thing happens. Times are seconds since the curtain rose.
 *
 * @param kind of the event that a rule must raise
 * @param zone zone or line of that event; empty where it has none
 * @param happens when it happens in truth, the rule's own waiting included
 * @param length of the whole scene
 * @param roles who plays
 */
public record Play(Event.Kind kind, String zone, double happens, double length, List<Role> roles) {
    public Play {
        roles = List.copyOf(roles);
    }

    /** Everybody at one moment. */
    public List<ActorState> at(double seconds) {
        return roles.stream().map(role -> role.at(seconds)).toList();
    }
}
