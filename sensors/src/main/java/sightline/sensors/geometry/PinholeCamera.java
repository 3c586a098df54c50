package sightline.sensors.geometry;

import java.util.Optional;
import sightline.config.site.Calibration;
import sightline.config.site.Projection;

/** A pinhole camera with any of the distortions. */
final class PinholeCamera implements CameraModel {
    private final Calibration calibration;
    private final Projection.Pinhole model;
    private final Pose3 pose;
    private final Lens lens;

    PinholeCamera(Calibration calibration, Projection.Pinhole model) {
        this.calibration = calibration;
        this.model = model;
        this.pose = new Pose3(calibration.camera(), model.rotation(), model.translation());
        this.lens = Lens.of(model.distortion());
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
        double[] bent = new double[2];
        if (!lens.distort(pose.x(point), pose.y(point), pose.z(point), bent)) {
            return Optional.empty();
        }
        return Optional.of(new PixelPoint(model.fx() * bent[0] + model.cx(), model.fy() * bent[1] + model.cy()));
    }

    @Override
    public Ray ray(double u, double v) {
        double[] direction = new double[3];
        lens.undistort((u - model.cx()) / model.fx(), (v - model.cy()) / model.fy(), direction);
        return pose.ray(direction[0], direction[1], direction[2]);
    }

    @Override
    public double depth(WorldPoint point) {
        return pose.z(point);
    }
}
