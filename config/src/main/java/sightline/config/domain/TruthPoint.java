package sightline.config.domain;

/**
 * Where an object really was, from the simulator or from annotations. Never an input of perception or fusion.
 *
 * @param object id of the object
 * @param label class
 * @param timeNanos exposure time
 * @param east metres
 * @param north metres
 * @param velocityEast metres a second
 * @param velocityNorth metres a second
 * @param origin REPLAY for annotations, SIMULATED for the simulator
 */
public record TruthPoint(
        String object,
        ObjectClass label,
        long timeNanos,
        double east,
        double north,
        double velocityEast,
        double velocityNorth,
        Origin origin) {}
