package sightline.operators.depict;

import sightline.config.domain.Brief;
import sightline.config.site.GroundPoint;

/** A brief some seconds earlier or later, by its own speeds. */
final class Motion {
    private Motion() {}

    static Brief at(Brief b, double seconds) {
        return new Brief(
                b.event(),
                b.kind(),
                b.what(),
                b.timeNanos() + Math.round(seconds * 1e9),
                b.viewpoint(),
                b.people().stream().map(p -> move(p, seconds)).toList(),
                b.vehicles().stream().map(v -> move(v, seconds)).toList(),
                b.zones(),
                b.lines(),
                b.sunElevation(),
                b.origin());
    }

    private static Brief.Person move(Brief.Person p, double seconds) {
        // Before a fall people were upright, and after it they do not slide on.
        boolean fallen = p.posture() == Brief.Posture.FALLEN;
        Brief.Posture posture = fallen && seconds < 0 ? Brief.Posture.WALKING : p.posture();
        double t = fallen && seconds > 0 ? 0 : seconds;
        return new Brief.Person(
                p.track(),
                step(p.at(), p.heading(), p.speed() * t),
                p.heading(),
                p.speed(),
                p.height(),
                posture,
                p.uncertainty(),
                p.involved());
    }

    private static Brief.Vehicle move(Brief.Vehicle v, double seconds) {
        return new Brief.Vehicle(
                v.track(),
                v.label(),
                step(v.at(), v.heading(), v.speed() * seconds),
                v.heading(),
                v.speed(),
                v.length(),
                v.width(),
                v.height(),
                v.uncertainty(),
                v.involved());
    }

    private static GroundPoint step(GroundPoint at, double heading, double metres) {
        return new GroundPoint(at.east() + metres * Math.cos(heading), at.north() + metres * Math.sin(heading));
    }
}
