package sightline.config.domain;

import java.util.List;
import sightline.config.site.GroundPoint;
import sightline.config.site.Line;
import sightline.config.site.Zone;

/**
 * All that a depiction may know of an event: fused evidence, never pixels. Two equal briefs make equal depictions.
 *
 * @param event id of the event
 * @param kind what happened
 * @param what one sentence for people
 * @param timeNanos exposure time shown
 * @param viewpoint where it is seen from
 * @param people in order of their track ids
 * @param vehicles in order of their track ids
 * @param zones to draw
 * @param lines to draw
 * @param sunElevation above the horizon, radians; negative at night
 * @param origin least real origin of the evidence (a depiction of it is SYNTHETIC whatever this says)
 */
public record Brief(
        String event,
        Event.Kind kind,
        String what,
        long timeNanos,
        Viewpoint viewpoint,
        List<Person> people,
        List<Vehicle> vehicles,
        List<Zone> zones,
        List<Line> lines,
        double sunElevation,
        Origin origin) {
    /** Version of the meaning of these fields; it is part of every depiction's digest. */
    public static final int VERSION = 2;

    public Brief {
        people = List.copyOf(people);
        vehicles = List.copyOf(vehicles);
        zones = List.copyOf(zones);
        lines = List.copyOf(lines);
    }

    public Brief withViewpoint(Viewpoint other) {
        return new Brief(event, kind, what, timeNanos, other, people, vehicles, zones, lines, sunElevation, origin);
    }

    public Brief withPeople(List<Person> others) {
        return new Brief(event, kind, what, timeNanos, viewpoint, others, vehicles, zones, lines, sunElevation, origin);
    }

    /** How a person holds themselves. */
    public enum Posture {
        STANDING,
        WALKING,
        RUNNING,
        FALLEN
    }

    /**
     * A person of the evidence.
     *
     * @param track id of the fused track
     * @param at foot point
     * @param heading radians counter-clockwise from east
     * @param speed metres a second
     * @param height metres
     * @param posture from poses where there are any, else from the speed
     * @param uncertainty row-major 2x2 covariance of the position, square metres
     * @param involved in what happened; others were merely there
     */
    public record Person(
            String track,
            GroundPoint at,
            double heading,
            double speed,
            double height,
            Posture posture,
            double[] uncertainty,
            boolean involved) {}

    /**
     * A vehicle of the evidence.
     *
     * @param track id of the fused track
     * @param label class
     * @param at centre on the ground
     * @param heading radians counter-clockwise from east
     * @param speed metres a second
     * @param length metres
     * @param width metres
     * @param height metres
     * @param uncertainty row-major 2x2 covariance of the position, square metres
     * @param involved in what happened; others were merely there
     */
    public record Vehicle(
            String track,
            ObjectClass label,
            GroundPoint at,
            double heading,
            double speed,
            double length,
            double width,
            double height,
            double[] uncertainty,
            boolean involved) {}
}
