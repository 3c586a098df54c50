package sightline.operators.drill;

import java.util.Optional;
import java.util.SplittableRandom;
import sightline.config.site.GroundPoint;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.PixelPoint;
import sightline.sensors.geometry.WorldPoint;
import sightline.sensors.scene.ActorState;
import sightline.sensors.scene.PersonState;

/** What an audience in a camera's place sees of the stage. */
final class Stalls {
    private static final double EDGE = 0.03;
    /** Height of a person, share of the picture, below which a small network sees nothing. */
    static final double LEAST = 0.06;
    /** The same at which it sees people well. */
    static final double GOOD = 0.16;

    private static final double HEAD = 1.75;
    private static final double STEP = 0.5;

    private final CameraModel camera;
    private final double width;
    private final double height;

    Stalls(CameraModel camera) {
        this.camera = camera;
        this.width = camera.calibration().width();
        this.height = camera.calibration().height();
    }

    /** A place on the ground within the picture; empty above the horizon. */
    Optional<GroundPoint> anywhere(SplittableRandom random) {
        return camera.ground(random.nextDouble() * width, random.nextDouble() * height);
    }

    /** The least height at which the play's people are seen, share of the picture; 0 if somebody is out of it. */
    double size(Play play) {
        double least = 1;
        for (double t = 0; t <= play.length() && least > 0; t += STEP) {
            for (ActorState actor : play.at(t)) {
                least = Math.min(least, size(actor));
            }
        }
        return least;
    }

    private double size(ActorState actor) {
        WorldPoint foot = WorldPoint.ground(actor.east(), actor.north());
        if (camera.depth(foot) < 1) {
            return 0;
        }
        Optional<PixelPoint> low = camera.project(foot).filter(this::inside);
        Optional<PixelPoint> high = camera.project(new WorldPoint(actor.east(), actor.north(), HEAD))
                .filter(this::inside);
        if (low.isEmpty() || high.isEmpty()) {
            return 0;
        }
        return actor instanceof PersonState ? (low.get().v() - high.get().v()) / height : 1;
    }

    private boolean inside(PixelPoint p) {
        return p.u() > EDGE * width
                && p.u() < (1 - EDGE) * width
                && p.v() > EDGE * height
                && p.v() < (1 - EDGE) * height;
    }
}
