package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Measurement;
import sightline.config.domain.Scan;
import sightline.config.site.SensorSpec;
import sightline.operators.phd.Coverage;
import sightline.operators.phd.FalseAlarms;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.Observation;
import sightline.operators.phd.SensorScan;

/** Domain scans to filter scans, with what the roster knows of the sensor. Stateless. */
final class Observations {
    /** Range assumed where the roster gives none, metres: it only scales the density of false alarms. */
    private static final double UNBOUNDED_RANGE = 100;

    private Observations() {}

    static SensorScan of(Scan scan, SensorSpec sensor, double confirmations) {
        double range = Double.isInfinite(sensor.rangeMetres()) ? UNBOUNDED_RANGE : sensor.rangeMetres();
        FieldOfView view = Double.isInfinite(sensor.rangeMetres())
                ? FieldOfView.EVERYWHERE
                : FieldOfView.disc(scan.east(), scan.north(), range);
        List<Observation> out = new ArrayList<>(scan.measurements().size());
        for (Measurement m : scan.measurements()) {
            out.add(observation(m, scan, sensor, range));
        }
        return new SensorScan(
                scan.sensor(),
                scan.sequence(),
                scan.time().exposureNanos(),
                Coverage.of(view, sensor.detectionProbability()),
                confirmations,
                out);
    }

    private static Observation observation(Measurement m, Scan scan, SensorSpec sensor, double range) {
        double clutter = sensor.clutterPerScan();
        double pd = sensor.detectionProbability();
        double area = Math.PI * range * range;
        return switch (m) {
            case Measurement.Position p ->
                new Observation.Position(
                        p.east(),
                        p.north(),
                        p.varEast(),
                        p.covEastNorth(),
                        p.varNorth(),
                        FalseAlarms.logCredibility(
                                clutter,
                                area,
                                p.varEast() * p.varNorth() - p.covEastNorth() * p.covEastNorth(),
                                2,
                                pd));
            case Measurement.RangeBearing r ->
                new Observation.RangeBearing(
                        r.range(),
                        r.bearing(),
                        r.varRange(),
                        r.varBearing(),
                        scan.east(),
                        scan.north(),
                        FalseAlarms.logCredibility(
                                clutter, area, r.range() * r.range() * r.varRange() * r.varBearing(), 2, pd));
            case Measurement.Bearing b ->
                new Observation.Bearing(
                        b.bearing(),
                        b.varBearing(),
                        scan.east(),
                        scan.north(),
                        FalseAlarms.logCredibility(clutter, 2 * Math.PI, b.varBearing(), 1, pd));
        };
    }
}
