package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import sightline.config.domain.Measurement;
import sightline.config.domain.Scan;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.operators.phd.Coverage;
import sightline.operators.phd.FalseAlarms;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.Observation;
import sightline.operators.phd.SensorScan;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.GroundView;

/**
 * What the roster knows of each sensor: where it sees, how surely it detects, how often it invents. Turns domain scans
 * into filter scans. Immutable.
 */
final class SensorViews {
    /** Range assumed where the roster gives none, metres. */
    private static final double UNBOUNDED_RANGE = 100;

    private record View(SensorSpec spec, FieldOfView fixed, double area) {}

    private final Map<String, View> views = new HashMap<>();
    private final FusionSettings settings;

    SensorViews(Site site, FusionSettings settings) {
        this.settings = settings;
        for (SensorSpec spec : site.sensors()) {
            views.put(spec.name(), view(spec));
        }
    }

    private static View view(SensorSpec spec) {
        double range = Double.isInfinite(spec.rangeMetres()) ? UNBOUNDED_RANGE : spec.rangeMetres();
        OptionalDouble area = OptionalDouble.empty();
        FieldOfView fixed = null;
        if (spec.calibration().isPresent()) {
            GroundView ground = GroundView.of(CameraModel.of(spec.calibration().get()), range);
            fixed = ground::contains;
            area = OptionalDouble.of(area(ground));
        } else if (Double.isInfinite(spec.rangeMetres())) {
            fixed = FieldOfView.EVERYWHERE;
        }
        return new View(spec, fixed, Math.max(1, area.orElse(Math.PI * range * range)));
    }

    private static double area(GroundView view) {
        double twice = 0;
        int n = view.outline().size();
        for (int i = 0; i < n; i++) {
            var a = view.outline().get(i);
            var b = view.outline().get((i + 1) % n);
            twice += a.east() * b.north() - b.east() * a.north();
        }
        return Math.abs(twice) / 2;
    }

    boolean knows(String sensor) {
        return views.containsKey(sensor);
    }

    /** @throws IllegalArgumentException for numbers that no filter can use */
    SensorScan convert(Scan scan) {
        View view = views.get(scan.sensor());
        SensorSpec spec = view.spec();
        // A moving platform carries its view with it.
        FieldOfView field =
                view.fixed() != null ? view.fixed() : FieldOfView.disc(scan.east(), scan.north(), spec.rangeMetres());
        List<Observation> out = new ArrayList<>(scan.measurements().size());
        for (Measurement m : scan.measurements()) {
            out.add(observation(m, scan, spec, view.area()));
        }
        return new SensorScan(
                scan.sensor(),
                scan.sequence(),
                scan.time().exposureNanos(),
                Coverage.of(field, spec.detectionProbability()),
                Math.log(settings.birth()),
                out);
    }

    private Observation observation(Measurement m, Scan scan, SensorSpec spec, double area) {
        return switch (m) {
            case Measurement.Position p ->
                new Observation.Position(
                        p.east(),
                        p.north(),
                        p.varEast(),
                        p.covEastNorth(),
                        p.varNorth(),
                        falseAlarm(
                                spec,
                                m.score(),
                                area,
                                p.varEast() * p.varNorth() - p.covEastNorth() * p.covEastNorth(),
                                2));
            case Measurement.RangeBearing r ->
                new Observation.RangeBearing(
                        r.range(),
                        r.bearing(),
                        r.varRange(),
                        r.varBearing(),
                        scan.east(),
                        scan.north(),
                        falseAlarm(spec, m.score(), area, r.range() * r.range() * r.varRange() * r.varBearing(), 2));
            case Measurement.Bearing b ->
                new Observation.Bearing(
                        b.bearing(),
                        b.varBearing(),
                        scan.east(),
                        scan.north(),
                        falseAlarm(spec, m.score(), 2 * Math.PI, b.varBearing(), 1));
        };
    }

    private double falseAlarm(SensorSpec spec, double score, double volume, double determinant, int dimension) {
        if (!(determinant > 0)) {
            throw new IllegalArgumentException("a measurement of " + spec.name() + " has a singular covariance");
        }
        double log = FalseAlarms.logCredibility(
                spec.clutterPerScan(), volume, determinant, dimension, spec.detectionProbability());
        return settings.trust().of(score) * Math.max(Math.log(settings.falseAlarmFloor()), log);
    }
}
