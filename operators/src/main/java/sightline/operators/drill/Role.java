package sightline.operators.drill;

import sightline.config.site.GroundPoint;
import sightline.sensors.scene.ActorState;

/** What somebody does in a play. */
public sealed interface Role permits Walker {
    /** Where they are at a moment, and how. */
    ActorState at(double seconds);

    /** Where along a straight way somebody is who has gone so far. */
    static GroundPoint along(GroundPoint from, double heading, double metres) {
        return new GroundPoint(from.east() + metres * Math.cos(heading), from.north() + metres * Math.sin(heading));
    }
}
