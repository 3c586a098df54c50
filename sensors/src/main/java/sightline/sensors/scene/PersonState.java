package sightline.sensors.scene;

import sightline.config.domain.ObjectClass;

/**
 * A person at one instant.
 *
 * @param id of the person
 * @param east of the middle of the body, metres
 * @param north of the middle of the body, metres
 * @param velocityEast metres a second
 * @param velocityNorth metres a second
 * @param heading radians counter-clockwise from east
 * @param gait phase of the walk, radians; a full turn is two steps
 * @param lying 0 upright, 1 flat on the ground
 * @param looks size and clothes
 */
public record PersonState(
        String id,
        double east,
        double north,
        double velocityEast,
        double velocityNorth,
        double heading,
        double gait,
        double lying,
        Looks looks)
        implements ActorState {
    @Override
    public ObjectClass label() {
        return ObjectClass.PERSON;
    }

    public double speed() {
        return Math.hypot(velocityEast, velocityNorth);
    }

    PersonState moved(double newEast, double newNorth) {
        return new PersonState(id, newEast, newNorth, velocityEast, velocityNorth, heading, gait, lying, looks);
    }

    PersonState moving(double east2, double north2) {
        return new PersonState(id, east, north, east2, north2, heading, gait, lying, looks);
    }
}
