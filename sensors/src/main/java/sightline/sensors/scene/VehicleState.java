package sightline.sensors.scene;

import sightline.config.domain.ObjectClass;

/**
 * A vehicle at one instant.
 *
 * @param id of the vehicle
 * @param label its class
 * @param east of the middle, metres
 * @param north of the middle, metres
 * @param velocityEast metres a second
 * @param velocityNorth metres a second
 * @param heading radians counter-clockwise from east
 * @param shape size and colour
 */
public record VehicleState(
        String id,
        ObjectClass label,
        double east,
        double north,
        double velocityEast,
        double velocityNorth,
        double heading,
        VehicleShape shape)
        implements ActorState {}
