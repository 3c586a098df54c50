package sightline.sensors.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObjectClass;
import sightline.config.site.Distortion;
import sightline.config.site.GroundPoint;

class GroundProjectorTest {
    private static final CameraModel CAMERA =
            CameraModel.of(new Mount(new WorldPoint(0, 0, 5), new WorldPoint(12, 5, 0), Math.toRadians(65))
                    .calibration("cam", "v1", 640, 360, new Distortion.PlumbBob(-0.1, 0, 0, 0, 0), 0.4));
    private static final GroundProjector PROJECTOR = new GroundProjector(CAMERA);

    @Test
    void theCovarianceOnTheGroundIsThatOfScatteredPixels() {
        ImagePoint foot = new ImagePoint(300, 200, 4, 1.2, 2.25);
        Measurement.Position placed =
                (Measurement.Position) PROJECTOR.position(foot, 1).orElseThrow();
        SplittableRandom random = new SplittableRandom(3);
        int n = 40_000;
        double se = 0;
        double sn = 0;
        double see = 0;
        double snn = 0;
        double sen = 0;
        double a = Math.sqrt(4.16);
        double b = 1.2 / a;
        double c = Math.sqrt(2.41 - b * b);
        for (int i = 0; i < n; i++) {
            double g1 = random.nextGaussian();
            double g2 = random.nextGaussian();
            GroundPoint g = CAMERA.ground(300 + a * g1, 200 + b * g1 + c * g2).orElseThrow();
            se += g.east();
            sn += g.north();
            see += g.east() * g.east();
            snn += g.north() * g.north();
            sen += g.east() * g.north();
        }
        double me = se / n;
        double mn = sn / n;
        assertThat(placed.east()).isCloseTo(me, within(0.01));
        assertThat(placed.north()).isCloseTo(mn, within(0.01));
        double ee = see / n - me * me;
        double nn = snn / n - mn * mn;
        double en = sen / n - me * mn;
        assertThat(placed.varEast()).isCloseTo(ee, within(0.05 * ee));
        assertThat(placed.varNorth()).isCloseTo(nn, within(0.05 * nn));
        assertThat(placed.covEastNorth()).isCloseTo(en, within(0.05 * Math.sqrt(ee * nn)));
    }

    @Test
    void aFootNearTheHorizonIsOnlyABearing() {
        PixelPoint far = CAMERA.project(WorldPoint.ground(110, 46)).orElseThrow();
        Box box = new Box(far.u() - 3, far.v() - 12, 6, 12);
        Detection detection =
                new Detection(ObjectClass.PERSON, 0.8, box, Optional.of(new ImagePoint(far.u(), far.v(), 2, 0, 2)));
        Measurement.Bearing bearing = (Measurement.Bearing) PROJECTOR.place(detection, 640, 360);
        assertThat(bearing.bearing()).isCloseTo(Math.atan2(46, 110), within(0.01));
        assertThat(Math.sqrt(bearing.varBearing())).isBetween(0.0005, 0.01);
    }

    @Test
    void aHiddenFootIsABearingThatHoldsTheTruth() {
        WorldPoint foot = WorldPoint.ground(9, 4);
        PixelPoint at = CAMERA.project(foot).orElseThrow();
        PixelPoint head = CAMERA.project(new WorldPoint(9, 4, 1.75)).orElseThrow();
        Box upperHalf = new Box(at.u() - 15, head.v(), 30, 0.5 * (at.v() - head.v()));
        Measurement placed =
                PROJECTOR.place(new Detection(ObjectClass.PERSON, 0.8, upperHalf, Optional.empty()), 640, 360);
        assertThat(placed).isInstanceOf(Measurement.Bearing.class);
        Measurement.Bearing bearing = (Measurement.Bearing) placed;
        double sigma = Math.sqrt(bearing.varBearing());
        assertThat(bearing.bearing()).isCloseTo(Math.atan2(4, 9), within(2 * sigma));
        assertThat(sigma).isLessThan(0.02);
    }

    @Test
    void whatTheLowerEdgeCutsOffHasNoFoot() {
        assertThat(FootPoint.of(ObjectClass.PERSON, new Box(100, 200, 60, 160), 360))
                .isEmpty();
        assertThat(FootPoint.of(ObjectClass.PERSON, new Box(100, 200, 60, 150), 360))
                .isPresent();
    }

    @Test
    void aFrameOfAnotherSizeIsScaledToTheCalibration() {
        ImagePoint foot = new ImagePoint(300, 200, 4, 0, 2);
        Detection full = new Detection(ObjectClass.PERSON, 1, new Box(280, 120, 40, 80), Optional.of(foot));
        Detection half = new Detection(
                ObjectClass.PERSON, 1, new Box(140, 60, 20, 40), Optional.of(new ImagePoint(150, 100, 1, 0, 0.5)));
        assertThat(PROJECTOR.place(half, 320, 180)).isEqualTo(PROJECTOR.place(full, 640, 360));
    }

    @Test
    void theViewHoldsWhatTheCameraSeesAndNothingElse() {
        GroundView view = GroundView.of(CAMERA, 40);
        SplittableRandom random = new SplittableRandom(11);
        int inside = 0;
        for (int i = 0; i < 4000; i++) {
            double east = random.nextDouble(-45, 45);
            double north = random.nextDouble(-45, 45);
            double distance = Math.hypot(east, north);
            boolean sees = CAMERA.sees(WorldPoint.ground(east, north)) && distance <= 40;
            if (Math.abs(distance - 40) < 0.3 || nearEdge(east, north)) {
                continue;
            }
            assertThat(view.contains(east, north)).as("(%f, %f)", east, north).isEqualTo(sees);
            inside += sees ? 1 : 0;
        }
        assertThat(inside).isGreaterThan(100);
    }

    private static boolean nearEdge(double east, double north) {
        return CAMERA.project(WorldPoint.ground(east, north))
                .map(p -> Math.abs(p.u()) < 4
                        || Math.abs(p.u() - 640) < 4
                        || Math.abs(p.v()) < 4
                        || Math.abs(p.v() - 360) < 4)
                .orElse(false);
    }

    @Test
    void aCameraThatLooksAtTheSkySeesNoGround() {
        CameraModel sky = CameraModel.of(new Mount(new WorldPoint(0, 0, 5), new WorldPoint(10, 0, 20), 0.8)
                .calibration("cam", "v1", 640, 360, new Distortion.None(), 0));
        assertThat(GroundView.of(sky, 50).outline()).isEmpty();
        assertThat(GroundView.of(sky, 50).contains(10, 0)).isFalse();
    }
}
