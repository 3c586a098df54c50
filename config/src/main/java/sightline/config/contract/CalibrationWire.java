package sightline.config.contract;

import java.util.Arrays;
import java.util.List;
import sightline.config.domain.Origin;
import sightline.config.site.Calibration;
import sightline.config.site.Projection;

/** {@code calibration.sensor.v1}. */
final class CalibrationWire {

    private CalibrationWire() {}

    static sightline.config.wire.Calibration write(Calibration calibration, Origin origin) {
        var out = sightline.config.wire.Calibration.newBuilder()
                .setCamera(calibration.camera())
                .setVersion(calibration.version())
                .setValidFrom(Stamps.write(calibration.validFromNanos()))
                .setWidthPx(calibration.width())
                .setHeightPx(calibration.height())
                .setPixelSigmaPx(calibration.pixelSigma())
                .setOrigin(Names.write(origin));
        return switch (calibration.projection()) {
            case Projection.Pinhole p ->
                out.setPinhole(sightline.config.wire.Calibration.Pinhole.newBuilder()
                                .setFxPx(p.fx())
                                .setFyPx(p.fy())
                                .setCxPx(p.cx())
                                .setCyPx(p.cy())
                                .addAllRotation(list(p.rotation()))
                                .addAllTranslationM(list(p.translation()))
                                .setDistortionModel(LensWire.name(p.distortion()))
                                .addAllDistortion(LensWire.coefficients(p.distortion())))
                        .build();
            case Projection.Tsai t ->
                out.setTsai(sightline.config.wire.Calibration.Tsai.newBuilder()
                                .setFocalMm(t.focal())
                                .setKappa1Mm2(t.kappa1())
                                .setCxPx(t.cx())
                                .setCyPx(t.cy())
                                .setSx(t.sx())
                                .setDpxMm(t.dpx())
                                .setDpyMm(t.dpy())
                                .addAllRotation(list(t.rotation()))
                                .addAllTranslationM(list(t.translation())))
                        .build();
        };
    }

    static Calibration read(sightline.config.wire.Calibration in) {
        Checks.present("valid_from", in.hasValidFrom());
        Names.read(in.getOrigin());
        return new Calibration(
                Checks.named("camera", in.getCamera()),
                Checks.named("version", in.getVersion()),
                Stamps.read("valid_from", in.getValidFrom()),
                in.getWidthPx(),
                in.getHeightPx(),
                switch (in.getProjectionCase()) {
                    case PINHOLE -> pinhole(in.getPinhole());
                    case TSAI -> tsai(in.getTsai());
                    case PROJECTION_NOT_SET -> throw new IllegalArgumentException("projection is missing");
                },
                Checks.variance("pixel_sigma_px", in.getPixelSigmaPx()));
    }

    private static Projection pinhole(sightline.config.wire.Calibration.Pinhole in) {
        return new Projection.Pinhole(
                Checks.finite("fx_px", in.getFxPx()),
                Checks.finite("fy_px", in.getFyPx()),
                Checks.finite("cx_px", in.getCxPx()),
                Checks.finite("cy_px", in.getCyPx()),
                Checks.vector("rotation", in.getRotationList(), 9),
                Checks.vector("translation_m", in.getTranslationMList(), 3),
                LensWire.read(in.getDistortionModel(), in.getDistortionList()));
    }

    private static Projection tsai(sightline.config.wire.Calibration.Tsai in) {
        return new Projection.Tsai(
                Checks.finite("focal_mm", in.getFocalMm()),
                Checks.finite("kappa1_mm_2", in.getKappa1Mm2()),
                Checks.finite("cx_px", in.getCxPx()),
                Checks.finite("cy_px", in.getCyPx()),
                Checks.finite("sx", in.getSx()),
                Checks.finite("dpx_mm", in.getDpxMm()),
                Checks.finite("dpy_mm", in.getDpyMm()),
                Checks.vector("rotation", in.getRotationList(), 9),
                Checks.vector("translation_m", in.getTranslationMList(), 3));
    }

    private static List<Double> list(double[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }
}
