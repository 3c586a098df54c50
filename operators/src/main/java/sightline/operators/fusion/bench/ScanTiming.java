package sightline.operators.fusion.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Coverage;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.PresenceSettings;
import sightline.operators.phd.SensorScan;

/**
 * Time and allocation of one scan (predict, gate, compete, update, start tracks, merge) against the number of targets
 * and false detections, at constant density: the area grows with the larger of the two, so that a fair answer is linear.
 * One thread.
 */
public final class ScanTiming {
    private static final double METRES_EACH = 10;
    private static final double SIGMA = 0.3;
    /** Of the same kind of scans before the measured ones, for the compiler. */
    private static final long WARM_UP_NANOS = 1_500_000_000L;

    /**
     * One measured point.
     *
     * @param targets true targets, each detected nine times in ten
     * @param clutter false detections a scan
     * @param firstMicros median of a scan in the very first pass, while code is still being compiled
     * @param medianMicros of a scan in a process that has run for a while
     * @param p99Micros of the same
     * @param bytes allocated a scan
     * @param tracks hypotheses held at the end
     */
    public record Point(
            int targets,
            int clutter,
            double firstMicros,
            double medianMicros,
            double p99Micros,
            long bytes,
            int tracks) {}

    private ScanTiming() {}

    public static List<Point> run(int[] targets, int[] clutter, int scans, long seed, Consumer<String> progress) {
        List<Point> out = new ArrayList<>();
        for (int t : targets) {
            for (int c : clutter) {
                double first = measure(t, c, scans, seed, 0).medianMicros();
                long warm = System.nanoTime() + WARM_UP_NANOS;
                while (System.nanoTime() < warm) {
                    measure(t, c, scans, seed, 0);
                }
                Point point = measure(t, c, scans, seed + 1, first);
                out.add(point);
                progress.accept(row(point));
            }
        }
        return out;
    }

    public static String markdown(List<Point> points) {
        StringBuilder out = new StringBuilder("""
                | targets | clutter | first pass µs | median µs | p99 µs | KiB allocated | hypotheses |
                |---|---|---|---|---|---|---|
                """);
        points.forEach(point -> out.append(row(point)).append('\n'));
        return out.toString();
    }

    private static String row(Point p) {
        return String.format(
                Locale.ROOT,
                "| %d | %d | %.0f | %.0f | %.0f | %.1f | %d |",
                p.targets(),
                p.clutter(),
                p.firstMicros(),
                p.medianMicros(),
                p.p99Micros(),
                p.bytes() / 1024.0,
                p.tracks());
    }

    private static Point measure(int targets, int clutter, int scans, long seed, double firstMicros) {
        SplittableRandom random = new SplittableRandom(seed);
        double side = METRES_EACH * Math.sqrt(Math.max(targets, clutter));
        double[][] state = new double[targets][];
        for (int i = 0; i < targets; i++) {
            state[i] = new double[] {
                side * random.nextDouble(), side * random.nextDouble(), random.nextGaussian(), random.nextGaussian()
            };
        }
        PresenceFilter filter = new PresenceFilter(
                PresenceSettings.standard(),
                new ConstantVelocity(0.5, ConstantVelocity.Kind.CONTINUOUS),
                LabelSource.counting("n", 1));
        Coverage coverage = Coverage.of(FieldOfView.EVERYWHERE, 0.9);
        List<SensorScan> prepared = new ArrayList<>();
        for (int k = 0; k < scans; k++) {
            prepared.add(scan(k, state, clutter, side, coverage, random));
        }
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        double[] micros = new double[scans - scans / 2];
        long bytes = 0;
        for (int k = 0; k < scans; k++) {
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            filter.process(prepared.get(k));
            if (k >= scans / 2) {
                micros[k - scans / 2] = (System.nanoTime() - start) / 1e3;
                bytes += threads.getCurrentThreadAllocatedBytes() - allocated;
            }
        }
        java.util.Arrays.sort(micros);
        return new Point(
                targets,
                clutter,
                firstMicros,
                micros[micros.length / 2],
                micros[(int) Math.min(micros.length - 1L, Math.round(0.99 * micros.length))],
                bytes / micros.length,
                filter.tracks().size());
    }

    private static SensorScan scan(
            int k, double[][] state, int clutter, double side, Coverage coverage, SplittableRandom random) {
        List<Observation> seen = new ArrayList<>();
        double logFalseAlarm = Math.log(1e-3);
        for (double[] s : state) {
            s[0] += 0.1 * s[2];
            s[1] += 0.1 * s[3];
            if (random.nextDouble() < 0.9) {
                seen.add(position(
                        s[0] + SIGMA * random.nextGaussian(), s[1] + SIGMA * random.nextGaussian(), logFalseAlarm));
            }
        }
        for (int c = 0; c < clutter; c++) {
            seen.add(position(side * random.nextDouble(), side * random.nextDouble(), logFalseAlarm));
        }
        return new SensorScan("s", k, k * 100_000_000L, coverage, Math.log(1e-8), seen);
    }

    private static Observation position(double east, double north, double logFalseAlarm) {
        return new Observation.Position(east, north, SIGMA * SIGMA, 0, SIGMA * SIGMA, logFalseAlarm);
    }
}
