package sightline.operators.depict;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import sightline.config.domain.Brief;
import sightline.config.domain.Brief.Posture;
import sightline.config.domain.Event;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Origin;
import sightline.config.domain.Viewpoint;
import sightline.config.site.GroundPoint;
import sightline.config.site.Zone;

/** Briefs for tests. */
final class Briefs {
    static final long NOON = 1_800_000_000L * 1_000_000_000L;

    private Briefs() {}

    static Brief fall() {
        return new Brief(
                "fall/s1/7",
                Event.Kind.FALL,
                "A person fell in the yard",
                NOON,
                Viewpoint.towards("c1", -9, -8, 4.5, 1, 1),
                List.of(
                        person("p1", 0, 0, 0.4, 0, Posture.FALLEN, 0.04),
                        person("p2", 3, 2.5, 2.2, 1.4, Posture.WALKING, 0.15),
                        person("p3", -2.5, 3.5, -0.6, 0, Posture.STANDING, 0.02)),
                List.of(new Brief.Vehicle(
                        "v1",
                        ObjectClass.CAR,
                        new GroundPoint(7, 8),
                        0.5,
                        3,
                        4.4,
                        1.8,
                        1.5,
                        new double[] {.3, .1, .1, .2},
                        false)),
                List.of(new Zone(
                        "yard",
                        List.of(
                                new GroundPoint(-4, -3),
                                new GroundPoint(5, -3),
                                new GroundPoint(5, 5),
                                new GroundPoint(-4, 5)))),
                List.of(),
                0.8,
                Origin.SIMULATED);
    }

    static Brief.Person person(
            String track, double east, double north, double heading, double speed, Posture posture, double variance) {
        return new Brief.Person(
                track,
                new GroundPoint(east, north),
                heading,
                speed,
                1.72,
                posture,
                new double[] {variance, 0, 0, variance},
                posture == Posture.FALLEN);
    }

    /** People at random places, all upright, at least two metres apart. */
    static Brief crowd(long seed, int people) {
        Random random = new Random(seed);
        List<Brief.Person> placed = new ArrayList<>();
        while (placed.size() < people) {
            Brief.Person next = person(
                    "p" + placed.size(),
                    random.nextDouble(-5, 5),
                    random.nextDouble(-3, 7),
                    random.nextDouble(-3, 3),
                    1.3,
                    Posture.WALKING,
                    0.05);
            if (placed.stream()
                    .noneMatch(p -> Math.hypot(
                                    p.at().east() - next.at().east(),
                                    p.at().north() - next.at().north())
                            < 2)) {
                placed.add(next);
            }
        }
        Brief fall = fall();
        return new Brief(
                "crowd/" + seed,
                Event.Kind.CROWDING,
                people + " people",
                NOON,
                fall.viewpoint(),
                placed,
                List.of(),
                fall.zones(),
                List.of(),
                0.8,
                Origin.SIMULATED);
    }
}
