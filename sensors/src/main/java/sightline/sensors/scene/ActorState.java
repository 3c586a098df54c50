package sightline.sensors.scene;

import sightline.config.domain.ObjectClass;

/** Someone or something on the plaza at one instant. */
public sealed interface ActorState permits PersonState, VehicleState {
    /** Stays the same for as long as it is on the plaza; somebody new gets a new one. */
    String id();

    ObjectClass label();

    double east();

    double north();

    /** Metres a second. */
    double velocityEast();

    /** Metres a second. */
    double velocityNorth();

    /** Where it faces, radians counter-clockwise from east. */
    double heading();
}
