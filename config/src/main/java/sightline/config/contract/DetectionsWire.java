package sightline.config.contract;

import java.util.Optional;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.ImagePoint;
import sightline.config.wire.Covariance2;

/** {@code detection.camera.v1}. */
final class DetectionsWire {

    private DetectionsWire() {}

    static sightline.config.wire.Detections write(Detections detections) {
        var out = sightline.config.wire.Detections.newBuilder()
                .setFrame(FrameWire.write(detections.frame()))
                .setModel(detections.model());
        for (Detection detection : detections.detections()) {
            out.addDetections(write(detection));
        }
        return out.build();
    }

    static Detections read(sightline.config.wire.Detections in) {
        return new Detections(
                FrameWire.read(in.hasFrame(), in.getFrame()),
                in.getDetectionsList().stream().map(DetectionsWire::read).toList(),
                in.getModel());
    }

    static sightline.config.wire.Detection write(Detection detection) {
        Box box = detection.box();
        var out = sightline.config.wire.Detection.newBuilder()
                .setLabel(Names.write(detection.label()))
                .setScore(detection.score())
                .setBox(sightline.config.wire.Box.newBuilder()
                        .setXPx(box.x())
                        .setYPx(box.y())
                        .setWidthPx(box.width())
                        .setHeightPx(box.height()));
        detection
                .foot()
                .ifPresent(foot -> out.setFoot(sightline.config.wire.ImagePoint.newBuilder()
                        .setUPx(foot.u())
                        .setVPx(foot.v())
                        .setCovariancePx2(Covariance2.newBuilder()
                                .setXx(foot.varU())
                                .setXy(foot.covUv())
                                .setYy(foot.varV()))));
        return out.build();
    }

    static Detection read(sightline.config.wire.Detection in) {
        Checks.present("detection.box", in.hasBox());
        var box = in.getBox();
        return new Detection(
                Names.read(in.getLabel()),
                Checks.unit("detection.score", in.getScore()),
                new Box(
                        Checks.finite("box.x_px", box.getXPx()),
                        Checks.finite("box.y_px", box.getYPx()),
                        Checks.finite("box.width_px", box.getWidthPx()),
                        Checks.finite("box.height_px", box.getHeightPx())),
                in.hasFoot() ? Optional.of(read(in.getFoot())) : Optional.empty());
    }

    private static ImagePoint read(sightline.config.wire.ImagePoint in) {
        Checks.present("foot.covariance_px2", in.hasCovariancePx2());
        Covariance2 covariance = in.getCovariancePx2();
        return new ImagePoint(
                Checks.finite("foot.u_px", in.getUPx()),
                Checks.finite("foot.v_px", in.getVPx()),
                Checks.variance("foot.covariance_px2.xx", covariance.getXx()),
                Checks.finite("foot.covariance_px2.xy", covariance.getXy()),
                Checks.variance("foot.covariance_px2.yy", covariance.getYy()));
    }
}
