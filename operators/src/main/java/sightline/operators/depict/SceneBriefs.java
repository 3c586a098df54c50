package sightline.operators.depict;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Brief;
import sightline.config.domain.Brief.Posture;
import sightline.config.domain.Event;
import sightline.config.domain.Origin;
import sightline.config.domain.Viewpoint;
import sightline.config.site.GroundPoint;
import sightline.config.site.Projection;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.scene.ActorState;
import sightline.sensors.scene.PersonState;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.SimulatedCamera;
import sightline.sensors.scene.VehicleState;

/** Briefs of what a simulated camera sees, from the scene's truth: the same fields that fusion fills, without error. */
final class SceneBriefs {
    private static final double[] CERTAIN = {0, 0, 0, 0};

    private SceneBriefs() {}

    static Brief of(Plaza plaza, SimulatedCamera camera, long sequence) {
        long nanos = camera.exposureNanos(sequence);
        List<Brief.Person> people = new ArrayList<>();
        List<Brief.Vehicle> vehicles = new ArrayList<>();
        for (ActorState actor : plaza.cast(nanos)) {
            switch (actor) {
                case PersonState p -> people.add(person(p));
                case VehicleState v -> vehicles.add(vehicle(v));
            }
        }
        String what = people.size() + " people and " + vehicles.size() + " vehicles on a plaza";
        double hour = plaza.hour(nanos);
        return new Brief(
                "scene/" + plaza.settings().seed() + "/" + camera.name() + "/" + sequence,
                Event.Kind.CROWDING,
                what,
                nanos,
                viewpoint(camera),
                people,
                vehicles,
                plaza.site().zones(),
                plaza.site().lines(),
                Math.toRadians(55) * Math.sin((hour - 6) / 12 * Math.PI),
                Origin.SIMULATED);
    }

    private static Brief.Person person(PersonState p) {
        Posture posture = p.lying() > 0.5
                ? Posture.FALLEN
                : p.speed() < 0.4 ? Posture.STANDING : p.speed() < 2.6 ? Posture.WALKING : Posture.RUNNING;
        return new Brief.Person(
                p.id(),
                new GroundPoint(p.east(), p.north()),
                p.heading(),
                p.speed(),
                p.looks().height(),
                posture,
                CERTAIN,
                false);
    }

    private static Brief.Vehicle vehicle(VehicleState v) {
        return new Brief.Vehicle(
                v.id(),
                v.label(),
                new GroundPoint(v.east(), v.north()),
                v.heading(),
                Math.hypot(v.velocityEast(), v.velocityNorth()),
                v.shape().length(),
                v.shape().width(),
                v.shape().height(),
                CERTAIN,
                false);
    }

    /** The camera as an ideal eye: where it is, which way its axis points, how wide it is. */
    private static Viewpoint viewpoint(SimulatedCamera camera) {
        CameraModel model = camera.model();
        if (!(model.calibration().projection() instanceof Projection.Pinhole pinhole)) {
            throw new IllegalArgumentException("camera " + camera.name() + " is no pinhole");
        }
        double[] r = pinhole.rotation();
        return new Viewpoint(
                camera.name(),
                model.center().east(),
                model.center().north(),
                model.center().up(),
                Math.atan2(r[7], r[6]),
                Math.asin(-r[8]),
                2 * Math.atan(0.5 * model.calibration().height() / pinhole.fy()));
    }
}
