package sightline.sensors.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.config.site.Calibration;
import sightline.config.site.Distortion;
import sightline.config.site.GroundPoint;
import sightline.config.site.Projection;

class CameraModelTest {
    private static final Mount MOUNT =
            new Mount(new WorldPoint(-12, -9, 5), new WorldPoint(1, 2, 0), Math.toRadians(75));

    private static Calibration mounted(Distortion distortion) {
        return MOUNT.calibration("cam", "v1", 1280, 720, distortion, 0.5);
    }

    private static Calibration tsai(double kappa1) {
        Projection.Pinhole p =
                (Projection.Pinhole) mounted(new Distortion.None()).projection();
        return new Calibration(
                "cam",
                "v1",
                0,
                768,
                576,
                new Projection.Tsai(5.5, kappa1, 360, 300, 0.97, 0.0051, 0.0052, p.rotation(), p.translation()),
                0.5);
    }

    static Stream<Calibration> cameras() {
        return Stream.of(
                mounted(new Distortion.None()),
                mounted(new Distortion.PlumbBob(-0.31, 0.12, 0.0011, -0.0007, -0.02)),
                mounted(new Distortion.PlumbBob(0.09, -0.03, 0, 0, 0)),
                mounted(new Distortion.Rational(0.4, 0.1, 0.0004, 0.0002, 0.01, 0.7, 0.2, 0.01)),
                mounted(new Distortion.Fisheye(-0.02, 0.004, -0.001, 0.0001)),
                tsai(0.051),
                tsai(-0.02));
    }

    @ParameterizedTest
    @MethodSource("cameras")
    void aPixelCarriedToTheGroundComesBackToItself(Calibration calibration) {
        CameraModel camera = CameraModel.of(calibration);
        SplittableRandom random = new SplittableRandom(7);
        int checked = 0;
        for (int i = 0; i < 500; i++) {
            double u = random.nextDouble(calibration.width());
            double v = random.nextDouble(calibration.height());
            GroundPoint ground = camera.ground(u, v).orElse(null);
            if (ground == null || Math.hypot(ground.east(), ground.north()) > 500) {
                continue;
            }
            PixelPoint back = camera.project(WorldPoint.ground(ground.east(), ground.north()))
                    .orElseThrow();
            assertThat(back.u()).isCloseTo(u, within(1e-4));
            assertThat(back.v()).isCloseTo(v, within(1e-4));
            checked++;
        }
        assertThat(checked).isGreaterThan(200);
    }

    @ParameterizedTest
    @MethodSource("cameras")
    void theMiddleOfAnUndistortedAxisIsTheTarget(Calibration calibration) {
        CameraModel camera = CameraModel.of(calibration);
        assertThat(camera.center().east()).isCloseTo(-12, within(1e-9));
        assertThat(camera.center().north()).isCloseTo(-9, within(1e-9));
        assertThat(camera.center().up()).isCloseTo(5, within(1e-9));
        PixelPoint middle = camera.project(MOUNT.target()).orElseThrow();
        double cx = calibration.projection() instanceof Projection.Pinhole p ? p.cx() : 360;
        double cy = calibration.projection() instanceof Projection.Pinhole p ? p.cy() : 300;
        assertThat(middle.u()).isCloseTo(cx, within(1e-6));
        assertThat(middle.v()).isCloseTo(cy, within(1e-6));
        assertThat(camera.depth(MOUNT.target())).isCloseTo(Math.sqrt(13 * 13 + 11 * 11 + 25), within(1e-9));
    }

    @Test
    void upIsUpAndRightIsRight() {
        CameraModel camera = CameraModel.of(mounted(new Distortion.None()));
        PixelPoint foot = camera.project(new WorldPoint(1, 2, 0)).orElseThrow();
        PixelPoint head = camera.project(new WorldPoint(1, 2, 1.8)).orElseThrow();
        assertThat(head.v()).isLessThan(foot.v() - 20);
        // Looking north-east, what lies further south-east is further right.
        PixelPoint right = camera.project(new WorldPoint(3, 0, 0)).orElseThrow();
        assertThat(right.u()).isGreaterThan(foot.u() + 20);
    }

    @ParameterizedTest
    @MethodSource("cameras")
    void whatLiesBehindIsNotSeen(Calibration calibration) {
        CameraModel camera = CameraModel.of(calibration);
        assertThat(camera.sees(new WorldPoint(-25, -20, 5))).isFalse();
        assertThat(camera.sees(new WorldPoint(-12.1, -9.1, 30))).isFalse();
    }

    @Test
    void strongDistortionDoesNotFoldFarPointsBackIntoThePicture() {
        CameraModel camera = CameraModel.of(mounted(new Distortion.PlumbBob(-0.35, 0.02, 0, 0, 0)));
        // The polynomial alone would put points at 70 degrees off the axis near the middle of the picture.
        for (double angle = Math.toRadians(60); angle < Math.toRadians(89); angle += 0.02) {
            double axis = Math.atan2(11, 13);
            WorldPoint far = new WorldPoint(-12 + 50 * Math.cos(axis + angle), -9 + 50 * Math.sin(axis + angle), 1);
            assertThat(camera.sees(far)).as("at %.2f rad off the axis", angle).isFalse();
        }
    }

    @Test
    void theSkyHasNoPlaceOnTheGround() {
        CameraModel camera = CameraModel.of(new Mount(new WorldPoint(0, 0, 3), new WorldPoint(10, 0, 3), 1)
                .calibration("cam", "v1", 640, 360, new Distortion.None(), 0));
        assertThat(camera.ground(320, 100)).isEmpty();
        assertThat(camera.ground(320, 180)).isEmpty();
        assertThat(camera.ground(320, 200)).isPresent();
    }

    @Test
    void aMirroringRotationIsRefused() {
        double[] mirror = {1, 0, 0, 0, 1, 0, 0, 0, -1};
        Calibration broken = new Calibration(
                "cam",
                "v1",
                0,
                640,
                360,
                new Projection.Pinhole(500, 500, 320, 180, mirror, new double[3], new Distortion.None()),
                0);
        assertThatThrownBy(() -> CameraModel.of(broken)).hasMessageContaining("mirrors");
    }
}
