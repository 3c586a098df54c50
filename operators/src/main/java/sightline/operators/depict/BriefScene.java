package sightline.operators.depict;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Brief;
import sightline.config.domain.Brief.Posture;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Viewpoint;
import sightline.config.site.Distortion;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.Mount;
import sightline.sensors.geometry.WorldPoint;
import sightline.sensors.scene.ActorState;
import sightline.sensors.scene.BareScene;
import sightline.sensors.scene.GroundMark;
import sightline.sensors.scene.Looks;
import sightline.sensors.scene.PersonState;
import sightline.sensors.scene.Picture;
import sightline.sensors.scene.VehicleShape;
import sightline.sensors.scene.VehicleState;

/**
 * A brief as actors on a bare scene. The cast holds the people in the brief's order, then the vehicles. Not safe for
 * threads.
 */
final class BriefScene {
    /** Least side of a picture, pixels. */
    static final int SMALLEST = 64;

    private static final double SUNSHINE = 0.45;
    private static final double DUSK_HOUR = 18.1;
    private static final int INVOLVED = 0xd4570f;
    private static final int BYSTANDER = 0x3c6891;
    private static final int TROUSERS = 0x27303f;
    private static final int BODYWORK = 0xb9bcc0;
    private static final int ZONE_PAINT = 0xe0a526;

    final List<ActorState> cast;
    private final Brief brief;
    final CameraModel camera;
    private final BareScene scene;

    private BriefScene(Brief brief, CameraModel camera) {
        this.brief = brief;
        this.camera = camera;
        this.cast = cast(brief);
        this.scene = new BareScene(camera, marks(brief), hour(brief.sunElevation()));
    }

    static BriefScene of(Brief brief, int width, int height) {
        return of(brief, camera(brief.viewpoint(), width, height));
    }

    /** As a camera sees it, not as the brief's viewpoint does. */
    static BriefScene of(Brief brief, CameraModel camera) {
        return new BriefScene(brief, camera);
    }

    byte[] rgb(long seed) {
        return draw(seed).rgb();
    }

    Picture draw(long seed) {
        FrameHeader header = new FrameHeader(
                brief.viewpoint().name(),
                brief.timeNanos(),
                0,
                new ObservationTime(brief.timeNanos(), 0, "brief", 0, 0),
                Origin.SYNTHETIC,
                camera.calibration().width(),
                camera.calibration().height(),
                "",
                "");
        return scene.draw(header, cast, SUNSHINE, seed);
    }

    BareScene drawn() {
        return scene;
    }

    /** The viewpoint as an ideal pinhole of that many pixels. */
    static CameraModel camera(Viewpoint at, int width, int height) {
        double cos = Math.cos(at.pitch());
        WorldPoint eye = new WorldPoint(at.east(), at.north(), at.up());
        WorldPoint target = new WorldPoint(
                at.east() + cos * Math.cos(at.yaw()),
                at.north() + cos * Math.sin(at.yaw()),
                at.up() - Math.sin(at.pitch()));
        double across = 2 * Math.atan(Math.tan(at.verticalView() / 2) * width / height);
        return CameraModel.of(new Mount(eye, target, across)
                .calibration(at.name(), "brief-" + Brief.VERSION, width, height, new Distortion.None(), 0));
    }

    private static List<ActorState> cast(Brief brief) {
        List<ActorState> cast = new ArrayList<>();
        for (Brief.Person p : brief.people()) {
            boolean lies = p.posture() == Posture.FALLEN;
            double speed = lies || p.posture() == Posture.STANDING ? 0 : p.speed();
            cast.add(new PersonState(
                    p.track(),
                    p.at().east(),
                    p.at().north(),
                    speed * Math.cos(p.heading()),
                    speed * Math.sin(p.heading()),
                    p.heading(),
                    // Mid-stride, so that somebody who walks is seen to walk.
                    0.5 * Math.PI,
                    lies ? 1 : 0,
                    Looks.plain(p.height(), p.involved() ? INVOLVED : BYSTANDER, TROUSERS)));
        }
        for (Brief.Vehicle v : brief.vehicles()) {
            cast.add(new VehicleState(
                    v.track(),
                    v.label(),
                    v.at().east(),
                    v.at().north(),
                    v.speed() * Math.cos(v.heading()),
                    v.speed() * Math.sin(v.heading()),
                    v.heading(),
                    VehicleShape.plain(
                            v.label(), v.length(), v.width(), v.height(), v.involved() ? INVOLVED : BODYWORK)));
        }
        return cast;
    }

    private static List<GroundMark> marks(Brief brief) {
        List<GroundMark> marks = new ArrayList<>();
        brief.zones()
                .forEach(z -> marks.add(new GroundMark(
                        z.outline().stream()
                                .map(p -> new double[] {p.east(), p.north()})
                                .toList(),
                        true,
                        0.14,
                        ZONE_PAINT,
                        0.12)));
        brief.lines()
                .forEach(l -> marks.add(new GroundMark(
                        List.of(
                                new double[] {l.from().east(), l.from().north()},
                                new double[] {l.to().east(), l.to().north()}),
                        false,
                        0.14,
                        ZONE_PAINT,
                        0)));
        return marks;
    }

    /** An hour with that light. Nobody can read a picture of the night, so it is drawn as dusk. */
    private static double hour(double sunElevation) {
        double highest = Math.toRadians(52);
        return sunElevation <= 0
                ? DUSK_HOUR
                : 18 - 12 / Math.PI * Math.asin(Math.min(1, Math.max(0.25, sunElevation / highest)));
    }
}
