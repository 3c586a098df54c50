package sightline.sensors.geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ImagePoint;
import sightline.config.domain.Measurement;
import sightline.config.domain.Scan;
import sightline.config.site.GroundPoint;

/**
 * Carries image boxes to the ground: a {@link Measurement.Position} with its covariance where the foot point says
 * enough, a {@link Measurement.Bearing} from the camera's place where it does not (foot hidden, at or above the horizon,
 * or a spread along the ray of more than {@link #LONGEST_SIGMA} metres).
 *
 * <p>Covariances go through the unscented transform (Julier and Uhlmann 2004) with 2n symmetric points, which is exact to
 * second order and needs no derivative of the lens. The calibration's own residual is added to the foot point's spread.
 * Immutable; any thread.
 */
public final class GroundProjector {
    /** Spread along the ray above which a position is only a bearing, metres. */
    public static final double LONGEST_SIGMA = 3;

    private static final double MIDDLE_SHARE = 0.08;
    private static final double CUT_SHARE = 0.35;

    private final CameraModel camera;
    private final double calibrationVariance;

    public GroundProjector(CameraModel camera) {
        this.camera = camera;
        double sigma = camera.calibration().pixelSigma();
        this.calibrationVariance = sigma * sigma;
    }

    /** All detections of a frame as one scan of the camera, in the order of the detections. */
    public Scan place(Detections detections) {
        FrameHeader frame = detections.frame();
        List<Measurement> measurements = new ArrayList<>(detections.detections().size());
        for (Detection detection : detections.detections()) {
            measurements.add(place(detection, frame.width(), frame.height()));
        }
        return new Scan(
                frame.camera(),
                frame.epoch(),
                frame.sequence(),
                frame.time(),
                frame.origin(),
                camera.center().east(),
                camera.center().north(),
                measurements,
                camera.calibration().version(),
                detections.model());
    }

    /**
     * One detection.
     *
     * @param detection in pixels of the frame
     * @param frameWidth size of the frame; scaled to the calibration's where they differ
     * @param frameHeight size of the frame
     */
    public Measurement place(Detection detection, int frameWidth, int frameHeight) {
        double sx = (double) camera.calibration().width() / frameWidth;
        double sy = (double) camera.calibration().height() / frameHeight;
        return detection
                .foot()
                .map(foot -> scale(foot, sx, sy))
                .flatMap(foot -> position(foot, detection.score()))
                .orElseGet(() -> bearing(scale(detection.box(), sx, sy), detection.score()));
    }

    /** Where a foot point stands, if it says enough. */
    public Optional<Measurement> position(ImagePoint foot, double score) {
        double[][] points = sigmaPoints(
                foot.u(), foot.v(), foot.varU() + calibrationVariance, foot.covUv(), foot.varV() + calibrationVariance);
        double east = 0;
        double north = 0;
        double[][] ground = new double[points.length][];
        for (int i = 0; i < points.length; i++) {
            Optional<GroundPoint> at = camera.ground(points[i][0], points[i][1]);
            if (at.isEmpty()) {
                return Optional.empty();
            }
            ground[i] = new double[] {at.get().east(), at.get().north()};
            east += ground[i][0] / points.length;
            north += ground[i][1] / points.length;
        }
        double ee = 0;
        double en = 0;
        double nn = 0;
        for (double[] g : ground) {
            ee += (g[0] - east) * (g[0] - east) / points.length;
            en += (g[0] - east) * (g[1] - north) / points.length;
            nn += (g[1] - north) * (g[1] - north) / points.length;
        }
        double towardsEast = east - camera.center().east();
        double towardsNorth = north - camera.center().north();
        double distance = Math.hypot(towardsEast, towardsNorth);
        double e = distance < 1e-9 ? 1 : towardsEast / distance;
        double n = distance < 1e-9 ? 0 : towardsNorth / distance;
        double along = e * e * ee + 2 * e * n * en + n * n * nn;
        if (!(along <= LONGEST_SIGMA * LONGEST_SIGMA)) {
            return Optional.empty();
        }
        return Optional.of(new Measurement.Position(east, north, ee, en, nn, score));
    }

    private Measurement bearing(Box box, double score) {
        boolean cut = box.x() <= 1 || box.right() >= camera.calibration().width() - 1;
        double sigmaU = (cut ? CUT_SHARE : MIDDLE_SHARE) * box.width();
        double sigmaV = 0.25 * box.height();
        double middleU = box.x() + 0.5 * box.width();
        double middleV = box.y() + 0.5 * box.height();
        double middle = camera.ray(middleU, middleV).bearing();
        double mean = 0;
        double square = 0;
        double[][] points = sigmaPoints(
                middleU, middleV, sigmaU * sigmaU + calibrationVariance, 0, sigmaV * sigmaV + calibrationVariance);
        for (double[] point : points) {
            double off = Math.IEEEremainder(camera.ray(point[0], point[1]).bearing() - middle, 2 * Math.PI);
            mean += off / points.length;
            square += off * off / points.length;
        }
        return new Measurement.Bearing(
                Math.IEEEremainder(middle + mean, 2 * Math.PI), Math.max(square - mean * mean, 1e-8), score);
    }

    /** Four points at sqrt(2) standard deviations along the columns of a Cholesky factor, equal weights. */
    private static double[][] sigmaPoints(double u, double v, double uu, double uv, double vv) {
        double a = Math.sqrt(2 * uu);
        double b = a == 0 ? 0 : 2 * uv / a;
        double c = Math.sqrt(Math.max(0, 2 * vv - b * b));
        return new double[][] {{u + a, v + b}, {u - a, v - b}, {u, v + c}, {u, v - c}};
    }

    private static ImagePoint scale(ImagePoint p, double sx, double sy) {
        return new ImagePoint(p.u() * sx, p.v() * sy, p.varU() * sx * sx, p.covUv() * sx * sy, p.varV() * sy * sy);
    }

    private static Box scale(Box b, double sx, double sy) {
        return new Box(b.x() * sx, b.y() * sy, b.width() * sx, b.height() * sy);
    }
}
