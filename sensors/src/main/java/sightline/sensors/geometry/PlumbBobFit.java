package sightline.sensors.geometry;

import java.util.ArrayList;
import java.util.List;
import sightline.config.site.Calibration;
import sightline.config.site.Distortion;
import sightline.config.site.Projection;

/**
 * A Tsai camera as nearly as a pinhole with plumb-bob distortion can say it, for viewers that know only that.
 *
 * <p>Tsai maps distorted to undistorted points, plumb-bob the other way round, so no exact translation exists. Focal
 * lengths and principal point carry over; the radial coefficients are fitted by least squares to a grid of pixels, and the
 * residual says what was lost. Sub-pixel for mild lenses.
 *
 * @param calibration the approximation
 * @param residualPixels root mean square over the picture
 * @param worstPixels the largest on the grid
 */
public record PlumbBobFit(Calibration calibration, double residualPixels, double worstPixels) {
    private static final int STEPS = 24;

    /** Fits; the result has the same camera, size and version, the latter with {@code +plumb-bob}. */
    public static PlumbBobFit of(Calibration source) {
        if (!(source.projection() instanceof Projection.Tsai tsai)) {
            throw new IllegalArgumentException("camera " + source.camera() + " is no Tsai camera");
        }
        double fx = tsai.focal() * tsai.sx() / tsai.dpx();
        double fy = tsai.focal() / tsai.dpy();
        double[] k = radial(sampled(source, tsai));
        Calibration fitted = new Calibration(
                source.camera(),
                source.version() + "+plumb-bob",
                source.validFromNanos(),
                source.width(),
                source.height(),
                new Projection.Pinhole(
                        fx,
                        fy,
                        tsai.cx(),
                        tsai.cy(),
                        tsai.rotation(),
                        tsai.translation(),
                        new Distortion.PlumbBob(k[0], k[1], 0, 0, k[2])),
                source.pixelSigma());
        return judged(source, fitted);
    }

    /** Pairs of ideal and distorted distance from the axis, on the plane at unit depth. */
    private static List<double[]> sampled(Calibration source, Projection.Tsai tsai) {
        List<double[]> pairs = new ArrayList<>();
        for (int i = 0; i <= STEPS; i++) {
            for (int j = 0; j <= STEPS; j++) {
                double xd = tsai.dpx() * (source.width() * (double) i / STEPS - tsai.cx()) / tsai.sx();
                double yd = tsai.dpy() * (source.height() * (double) j / STEPS - tsai.cy());
                double distorted = Math.hypot(xd, yd);
                double ideal = distorted * (1 + tsai.kappa1() * distorted * distorted);
                pairs.add(new double[] {ideal / tsai.focal(), distorted / tsai.focal()});
            }
        }
        return pairs;
    }

    /** Least squares of {@code d - r = k1 r^3 + k2 r^5 + k3 r^7}, by the normal equations. */
    private static double[] radial(List<double[]> pairs) {
        // Powers of a radius scaled to 1 keep the equations well conditioned.
        double scale = pairs.stream().mapToDouble(p -> p[0]).max().orElse(1);
        double[][] a = new double[3][4];
        for (double[] pair : pairs) {
            double r = pair[0] / scale;
            double[] row = {Math.pow(r, 3), Math.pow(r, 5), Math.pow(r, 7), (pair[1] - pair[0]) / scale};
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 4; j++) {
                    a[i][j] += row[i] * row[j];
                }
            }
        }
        for (int pivot = 0; pivot < 3; pivot++) {
            for (int row = 0; row < 3; row++) {
                if (row != pivot) {
                    double factor = a[row][pivot] / a[pivot][pivot];
                    for (int j = pivot; j < 4; j++) {
                        a[row][j] -= factor * a[pivot][j];
                    }
                }
            }
        }
        double s2 = scale * scale;
        return new double[] {a[0][3] / a[0][0] / s2, a[1][3] / a[1][1] / (s2 * s2), a[2][3] / a[2][2] / (s2 * s2 * s2)};
    }

    private static PlumbBobFit judged(Calibration source, Calibration fitted) {
        CameraModel truth = CameraModel.of(source);
        CameraModel fit = CameraModel.of(fitted);
        double sum = 0;
        double worst = 0;
        int count = 0;
        for (int i = 0; i <= STEPS; i++) {
            for (int j = 0; j <= STEPS; j++) {
                double u = source.width() * (double) i / STEPS;
                double v = source.height() * (double) j / STEPS;
                Ray ray = truth.ray(u, v);
                WorldPoint ahead = new WorldPoint(
                        ray.origin().east() + 10 * ray.east(),
                        ray.origin().north() + 10 * ray.north(),
                        ray.origin().up() + 10 * ray.up());
                double off = fit.project(ahead)
                        .map(p -> Math.hypot(p.u() - u, p.v() - v))
                        .orElse(Double.POSITIVE_INFINITY);
                sum += off * off;
                worst = Math.max(worst, off);
                count++;
            }
        }
        return new PlumbBobFit(fitted, Math.sqrt(sum / count), worst);
    }
}
