package sightline.operators.fusion.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import sightline.config.domain.Measurement;
import sightline.config.domain.Scan;
import sightline.config.domain.TruthPoint;
import sightline.operators.baselines.GmPhd;
import sightline.operators.metrics.Gospa;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Coverage;
import sightline.operators.phd.FalseAlarms;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.Linearisation;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.PresenceSettings;
import sightline.operators.phd.SensorScan;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.possibility.MaxMixture;
import sightline.sensors.dataset.Autoferry;

/**
 * Autoferry: radar, lidar, infrared and optical scans of a moving ferry, two boats with known places. Other boats and the
 * shore echo too, so "extra" tracks are partly real: the comparison is of extra tracks at equal misses. Scans are sorted
 * by time. One parameter set for all scenarios, numbers of the sensors as published with the data's error statistics.
 */
public final class AutoferryBench {
    private static final double CUTOFF = 40;

    /**
     * One row, means over scans of all scenarios.
     *
     * @param title method and reading
     * @param localisation rms error of matched boats, metres
     * @param missed boats of two, a scan
     * @param extra tracks that are neither boat, a scan
     */
    public record Result(String title, double localisation, double missed, double extra) {}

    private record Reading(String title, double confirmations, double absence) {}

    private static final class Sum {
        double localisation;
        double missed;
        double extra;
        int scans;
        int matched;

        void add(List<double[]> truth, List<double[]> estimates) {
            Gospa g = Gospa.of(truth, estimates, CUTOFF, 2);
            localisation += g.localisation();
            missed += g.missed() / (CUTOFF * CUTOFF / 2);
            extra += g.falses() / (CUTOFF * CUTOFF / 2);
            matched += g.assigned();
            scans++;
        }

        Result result(String title) {
            return new Result(title, Math.sqrt(localisation / Math.max(1, matched)), missed / scans, extra / scans);
        }
    }

    private AutoferryBench() {}

    /** @param folders of the scenarios */
    public static List<Result> run(List<Path> folders, Consumer<String> progress) {
        List<Reading> readings = List.of(
                new Reading("(w,a), n 2.2, absence .3", 2.2, 0.3),
                new Reading("(w,a), n 2.8, absence .1", 2.8, 0.1),
                new Reading("(w,a), n 3.2, absence .03", 3.2, 0.03));
        double[] thresholds = {0.3, 0.5, 0.7};
        List<Sum> ours = new ArrayList<>();
        List<Sum> theirs = new ArrayList<>();
        readings.forEach(r -> ours.add(new Sum()));
        for (double ignored : thresholds) {
            theirs.add(new Sum());
        }
        for (Path folder : folders) {
            Autoferry data = Autoferry.open(folder, Autoferry.Noise.DEFAULT);
            List<Scan> scans = data.scans().stream()
                    .sorted(Comparator.comparingLong((Scan s) -> s.time().exposureNanos())
                            .thenComparing(Scan::sensor)
                            .thenComparingLong(Scan::sequence))
                    .toList();
            Map<String, NavigableMap<Long, double[]>> boats = paths(data.truth());
            for (int r = 0; r < readings.size(); r++) {
                presence(scans, boats, readings.get(r), ours.get(r));
            }
            gaussian(scans, boats, thresholds, theirs);
            progress.accept(data.name() + " done");
        }
        List<Result> out = new ArrayList<>();
        for (int r = 0; r < readings.size(); r++) {
            out.add(ours.get(r).result(readings.get(r).title()));
        }
        for (int t = 0; t < thresholds.length; t++) {
            out.add(theirs.get(t).result("GM-PHD, adaptive birth, tau " + thresholds[t]));
        }
        return out;
    }

    public static String markdown(List<Result> results) {
        StringBuilder out = new StringBuilder("| method | error m | missed of 2 | extra tracks |\n|---|---|---|---|\n");
        for (Result r : results) {
            out.append(String.format(
                    Locale.ROOT, "| %s | %.1f | %.2f | %.2f |%n", r.title(), r.localisation(), r.missed(), r.extra()));
        }
        return out.toString();
    }

    private static void presence(
            List<Scan> scans, Map<String, NavigableMap<Long, double[]>> truth, Reading reading, Sum sum) {
        PresenceSettings settings = new PresenceSettings(
                16,
                9,
                4,
                1,
                Math.log(1e-3),
                4,
                Math.log(1e-7),
                0.001,
                reading.absence(),
                reading.absence(),
                3,
                PresenceSettings.Exclusion.MAX_MARGINAL,
                200);
        PresenceFilter filter = new PresenceFilter(
                settings,
                new ConstantVelocity(0.16, ConstantVelocity.Kind.CONTINUOUS),
                LabelSource.counting("ferry", 1));
        for (Scan scan : scans) {
            filter.process(convert(scan, reading.confirmations()));
            List<double[]> estimates = new ArrayList<>();
            for (TrackHypothesis t : filter.tracks()) {
                if (t.confirmed()) {
                    int mode = t.where().mode() * 4;
                    estimates.add(
                            new double[] {t.where().means()[mode], t.where().means()[mode + 1]});
                }
            }
            sum.add(at(truth, scan.time().exposureNanos()), estimates);
        }
    }

    private static void gaussian(
            List<Scan> scans, Map<String, NavigableMap<Long, double[]>> truth, double[] thresholds, List<Sum> sums) {
        GmPhd phd = new GmPhd(new ConstantVelocity(0.16, ConstantVelocity.Kind.CONTINUOUS), 1);
        MaxMixture births = new MaxMixture(4);
        long last = scans.getFirst().time().exposureNanos();
        for (Scan scan : scans) {
            SensorScan converted = convert(scan, 2);
            SensorModel model = SensorModel.of(scan.sensor());
            double seconds = (scan.time().exposureNanos() - last) * 1e-9;
            last = scan.time().exposureNanos();
            phd.intensity().shift(seconds * Math.log(0.999));
            phd.predict(seconds, births);
            FieldOfView view = FieldOfView.disc(scan.east(), scan.north(), model.range());
            phd.update(converted.observations(), view, model.detection(), model.clutter() / model.volume());
            births.clear();
            Linearisation placed = new Linearisation();
            for (Observation o : converted.observations()) {
                if (o.placeable()) {
                    o.place(placed);
                    births.add(
                            Math.log(0.01),
                            new double[] {placed.east(), placed.north(), 0, 0},
                            0,
                            new double[] {placed.varEast(), 0, 0, 0, 0, placed.varNorth(), 0, 0, 0, 0, 9, 0, 0, 0, 0, 9
                            },
                            0);
                }
            }
            for (int t = 0; t < thresholds.length; t++) {
                sums.get(t).add(at(truth, scan.time().exposureNanos()), GmPhd.extract(phd.intensity(), thresholds[t]));
            }
        }
    }

    /** Range, detection probability, clutter and measurement volume of a sensor. */
    private record SensorModel(double range, double detection, double clutter, double volume) {
        static SensorModel of(String sensor) {
            return switch (sensor) {
                case "lidar" -> new SensorModel(110, 0.7, 0.8, Math.PI * 120 * 120);
                case "radar" -> new SensorModel(480, 0.9, 3.5, Math.PI * 500 * 500);
                case "infrared" -> new SensorModel(300, 0.35, 3, 2 * Math.PI);
                default -> new SensorModel(300, 0.65, 4, 2 * Math.PI);
            };
        }
    }

    private static SensorScan convert(Scan scan, double confirmations) {
        SensorModel model = SensorModel.of(scan.sensor());
        List<Observation> out = new ArrayList<>();
        double logBirth = Double.NEGATIVE_INFINITY;
        for (Measurement m : scan.measurements()) {
            switch (m) {
                case Measurement.Position p -> {
                    double log = FalseAlarms.logCredibility(
                            model.clutter(), model.volume(), p.varEast() * p.varNorth(), 2, model.detection());
                    logBirth = confirmations * log;
                    if (Math.hypot(p.east() - scan.east(), p.north() - scan.north()) < model.range()) {
                        out.add(new Observation.Position(p.east(), p.north(), p.varEast(), 0, p.varNorth(), log));
                    }
                }
                case Measurement.Bearing b ->
                    out.add(new Observation.Bearing(
                            b.bearing(),
                            b.varBearing(),
                            scan.east(),
                            scan.north(),
                            FalseAlarms.logCredibility(
                                    model.clutter(), model.volume(), b.varBearing(), 1, model.detection())));
                case Measurement.RangeBearing r ->
                    throw new IllegalArgumentException("Autoferry has no range-bearing measurements: " + r);
            }
        }
        return new SensorScan(
                scan.sensor(),
                scan.sequence(),
                scan.time().exposureNanos(),
                Coverage.of(FieldOfView.disc(scan.east(), scan.north(), model.range()), model.detection()),
                logBirth,
                out);
    }

    /** Where each boat was closest to a time. */
    private static List<double[]> at(Map<String, NavigableMap<Long, double[]>> boats, long nanos) {
        List<double[]> out = new ArrayList<>();
        for (NavigableMap<Long, double[]> path : boats.values()) {
            Map.Entry<Long, double[]> before = path.floorEntry(nanos);
            Map.Entry<Long, double[]> after = path.ceilingEntry(nanos);
            boolean later = before == null || after != null && after.getKey() - nanos < nanos - before.getKey();
            out.add((later ? after : before).getValue());
        }
        return out;
    }

    private static Map<String, NavigableMap<Long, double[]>> paths(List<TruthPoint> truth) {
        Map<String, NavigableMap<Long, double[]>> out = new TreeMap<>();
        for (TruthPoint p : truth) {
            out.computeIfAbsent(p.object(), boat -> new TreeMap<>())
                    .put(p.timeNanos(), new double[] {p.east(), p.north()});
        }
        return out;
    }
}
