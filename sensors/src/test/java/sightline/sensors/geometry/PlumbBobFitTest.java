package sightline.sensors.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.site.Calibration;
import sightline.config.site.Distortion;
import sightline.config.site.Projection;

class PlumbBobFitTest {
    private static Calibration tsai(double kappa1) {
        Projection.Pinhole p = (Projection.Pinhole) new Mount(new WorldPoint(0, 0, 6), new WorldPoint(20, 10, 0), 1)
                .calibration("cam", "v1", 768, 576, new Distortion.None(), 0.5)
                .projection();
        return new Calibration(
                "cam",
                "v1",
                0,
                768,
                576,
                new Projection.Tsai(5.55, kappa1, 324, 282, 1.09, 0.00513, 0.00465, p.rotation(), p.translation()),
                0.5);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.0051, 0.02, -0.01})
    void theApproximationIsAsGoodAsItSays(double kappa1) {
        PlumbBobFit fit = PlumbBobFit.of(tsai(kappa1));
        assertThat(fit.worstPixels()).isLessThan(0.2);
        assertThat(fit.residualPixels()).isLessThanOrEqualTo(fit.worstPixels());
        CameraModel truth = CameraModel.of(tsai(kappa1));
        CameraModel fitted = CameraModel.of(fit.calibration());
        WorldPoint person = new WorldPoint(17, 11, 1.2);
        PixelPoint a = truth.project(person).orElseThrow();
        PixelPoint b = fitted.project(person).orElseThrow();
        assertThat(Math.hypot(a.u() - b.u(), a.v() - b.v())).isLessThan(0.2);
    }

    @Test
    void copyingTheCoefficientWouldNotDo() {
        double kappa1 = 0.02;
        Calibration source = tsai(kappa1);
        Projection.Pinhole fitted =
                (Projection.Pinhole) PlumbBobFit.of(source).calibration().projection();
        Projection.Pinhole copied = new Projection.Pinhole(
                fitted.fx(),
                fitted.fy(),
                fitted.cx(),
                fitted.cy(),
                fitted.rotation(),
                fitted.translation(),
                new Distortion.PlumbBob(kappa1, 0, 0, 0, 0));
        CameraModel wrong = CameraModel.of(new Calibration("cam", "v1", 0, 768, 576, copied, 0.5));
        WorldPoint corner = CameraModel.of(source)
                .ground(740, 560)
                .map(g -> WorldPoint.ground(g.east(), g.north()))
                .orElseThrow();
        PixelPoint off = wrong.project(corner).orElseThrow();
        assertThat(Math.hypot(off.u() - 740, off.v() - 560)).isGreaterThan(5);
    }

    @Test
    void onlyTsaiNeedsIt() {
        Calibration pinhole = new Mount(new WorldPoint(0, 0, 6), new WorldPoint(20, 10, 0), 1)
                .calibration("cam", "v1", 768, 576, new Distortion.None(), 0.5);
        assertThatThrownBy(() -> PlumbBobFit.of(pinhole)).hasMessageContaining("no Tsai camera");
    }
}
