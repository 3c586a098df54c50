package sightline.sensors.geometry;

import java.util.Optional;
import sightline.config.site.Calibration;
import sightline.config.site.Projection;

/**
 * Tsai's camera ("A versatile camera calibration technique", IEEE J. Robotics and Automation 1987, section II). Its one
 * radial coefficient undistorts; projecting therefore solves a cubic, here by Newton's method.
 */
final class TsaiCamera implements CameraModel {
    private final Calibration calibration;
    private final Projection.Tsai model;
    private final Pose3 pose;
    /** Largest undistorted radius that some distorted one maps to, millimetres. */
    private final double reach;

    TsaiCamera(Calibration calibration, Projection.Tsai model) {
        this.calibration = calibration;
        this.model = model;
        this.pose = new Pose3(calibration.camera(), model.rotation(), model.translation());
        // r * (1 + k r^2) turns back at 3 k r^2 = -1 when k is negative.
        double turn = model.kappa1() < 0 ? Math.sqrt(-1 / (3 * model.kappa1())) : Double.POSITIVE_INFINITY;
        this.reach = turn < Double.POSITIVE_INFINITY ? turn * 2 / 3 : turn;
    }

    @Override
    public Calibration calibration() {
        return calibration;
    }

    @Override
    public WorldPoint center() {
        return pose.center();
    }

    @Override
    public Optional<PixelPoint> project(WorldPoint point) {
        double z = pose.z(point);
        if (z <= 0) {
            return Optional.empty();
        }
        double xu = model.focal() * pose.x(point) / z;
        double yu = model.focal() * pose.y(point) / z;
        double ru = Math.hypot(xu, yu);
        if (ru > reach) {
            return Optional.empty();
        }
        double scale = ru < 1e-12 ? 1 : distortedRadius(ru) / ru;
        return Optional.of(new PixelPoint(
                model.sx() * xu * scale / model.dpx() + model.cx(), yu * scale / model.dpy() + model.cy()));
    }

    private double distortedRadius(double ru) {
        double k = model.kappa1();
        double r = ru;
        if (k < 0) {
            r = Math.min(r, Math.sqrt(-1 / (3 * k)) * 0.999);
        }
        for (int i = 0; i < 50; i++) {
            double step = (r * (1 + k * r * r) - ru) / (1 + 3 * k * r * r);
            r -= step;
            if (Math.abs(step) < 1e-13) {
                break;
            }
        }
        return r;
    }

    @Override
    public Ray ray(double u, double v) {
        double xd = model.dpx() * (u - model.cx()) / model.sx();
        double yd = model.dpy() * (v - model.cy());
        double factor = 1 + model.kappa1() * (xd * xd + yd * yd);
        return pose.ray(xd * factor, yd * factor, model.focal());
    }

    @Override
    public double depth(WorldPoint point) {
        return pose.z(point);
    }
}
