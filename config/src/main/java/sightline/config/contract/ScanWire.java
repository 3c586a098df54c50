package sightline.config.contract;

import sightline.config.domain.Measurement;
import sightline.config.domain.Scan;
import sightline.config.wire.Bearing;
import sightline.config.wire.Covariance2;
import sightline.config.wire.Position;
import sightline.config.wire.RangeBearing;

/** {@code measurement.sensor.v1}. */
final class ScanWire {

    private ScanWire() {}

    static sightline.config.wire.Scan write(Scan scan) {
        var out = sightline.config.wire.Scan.newBuilder()
                .setSensor(scan.sensor())
                .setEpochNs(scan.epoch())
                .setSequence(scan.sequence())
                .setTime(FrameWire.write(scan.time()))
                .setOrigin(Names.write(scan.origin()))
                .setSensorEastM(scan.east())
                .setSensorNorthM(scan.north())
                .setCalibrationVersion(scan.calibration())
                .setModel(scan.model());
        scan.measurements().forEach(measurement -> out.addMeasurements(write(measurement)));
        return out.build();
    }

    static Scan read(sightline.config.wire.Scan in) {
        return new Scan(
                Checks.named("sensor", in.getSensor()),
                in.getEpochNs(),
                in.getSequence(),
                FrameWire.read("time", in.hasTime(), in.getTime()),
                Names.read(in.getOrigin()),
                Checks.finite("sensor_east_m", in.getSensorEastM()),
                Checks.finite("sensor_north_m", in.getSensorNorthM()),
                in.getMeasurementsList().stream().map(ScanWire::read).toList(),
                in.getCalibrationVersion(),
                in.getModel());
    }

    private static sightline.config.wire.Measurement write(Measurement measurement) {
        var out = sightline.config.wire.Measurement.newBuilder().setScore(measurement.score());
        return switch (measurement) {
            case Measurement.Position p ->
                out.setPosition(Position.newBuilder()
                                .setEastM(p.east())
                                .setNorthM(p.north())
                                .setCovarianceM2(Covariance2.newBuilder()
                                        .setXx(p.varEast())
                                        .setXy(p.covEastNorth())
                                        .setYy(p.varNorth())))
                        .build();
            case Measurement.RangeBearing r ->
                out.setRangeBearing(RangeBearing.newBuilder()
                                .setRangeM(r.range())
                                .setBearingRad(r.bearing())
                                .setRangeVarianceM2(r.varRange())
                                .setBearingVarianceRad2(r.varBearing()))
                        .build();
            case Measurement.Bearing b ->
                out.setBearing(Bearing.newBuilder().setBearingRad(b.bearing()).setBearingVarianceRad2(b.varBearing()))
                        .build();
        };
    }

    private static Measurement read(sightline.config.wire.Measurement in) {
        double score = Checks.unit("measurement.score", in.getScore());
        return switch (in.getKindCase()) {
            case POSITION -> position(in.getPosition(), score);
            case RANGE_BEARING -> rangeBearing(in.getRangeBearing(), score);
            case BEARING ->
                new Measurement.Bearing(
                        Checks.finite("bearing_rad", in.getBearing().getBearingRad()),
                        Checks.variance("bearing_variance_rad2", in.getBearing().getBearingVarianceRad2()),
                        score);
            case KIND_NOT_SET -> throw new IllegalArgumentException("a measurement is of no known kind");
        };
    }

    private static Measurement position(Position in, double score) {
        Checks.present("position.covariance_m2", in.hasCovarianceM2());
        return new Measurement.Position(
                Checks.finite("position.east_m", in.getEastM()),
                Checks.finite("position.north_m", in.getNorthM()),
                Checks.variance(
                        "position.covariance_m2.xx", in.getCovarianceM2().getXx()),
                Checks.finite("position.covariance_m2.xy", in.getCovarianceM2().getXy()),
                Checks.variance(
                        "position.covariance_m2.yy", in.getCovarianceM2().getYy()),
                score);
    }

    private static Measurement rangeBearing(RangeBearing in, double score) {
        return new Measurement.RangeBearing(
                Checks.finite("range_m", in.getRangeM()),
                Checks.finite("bearing_rad", in.getBearingRad()),
                Checks.variance("range_variance_m2", in.getRangeVarianceM2()),
                Checks.variance("bearing_variance_rad2", in.getBearingVarianceRad2()),
                score);
    }
}
