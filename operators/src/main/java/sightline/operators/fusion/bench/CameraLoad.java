package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.Coverage;
import sightline.operators.phd.FieldOfView;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.PresenceSettings;
import sightline.operators.phd.ReplayWindow;
import sightline.operators.phd.SensorScan;

/**
 * A hundred cameras at thirty pictures a second on ten nodes and two workers, in process: 200 people, each in about three
 * views, detected nine times in ten, two false detections a scan. Open loop: a scan arrives at its camera's own phase
 * whether or not the worker is free. Service times are measured; a worker's queue follows from them and the arrivals, so
 * the run needs no real time and no sleeping.
 */
public final class CameraLoad {
    private static final int CAMERAS = 100;
    private static final int NODES = 10;
    private static final int PEOPLE = 200;
    private static final long PERIOD_NANOS = 1_000_000_000L / 30;
    private static final double SIGMA = 0.2;
    private static final double SIDE = 100;
    /** A disc of which about three of the hundred cover any place. */
    private static final double RANGE = Math.sqrt(3 * SIDE * SIDE / CAMERAS / Math.PI);

    /**
     * @param scans measured
     * @param medianMicros from arrival to updated state
     * @param p99Micros of the same
     * @param worstMicros of the same
     * @param busyMicros worker time a scan
     */
    public record Result(int scans, double medianMicros, double p99Micros, double worstMicros, double busyMicros) {}

    private CameraLoad() {}

    /**
     * @param seconds of simulated time, after a second of warm-up
     * @param workers threads that share the nodes
     */
    public static Result run(int seconds, int workers, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] people = new double[PEOPLE][];
        for (int i = 0; i < PEOPLE; i++) {
            people[i] = new double[] {
                random.nextDouble(SIDE), random.nextDouble(SIDE), random.nextGaussian(), random.nextGaussian()
            };
        }
        double[][] cameras = new double[CAMERAS][];
        for (int c = 0; c < CAMERAS; c++) {
            cameras[c] = new double[] {SIDE * (c % 10 + 0.5) / 10, SIDE * (c / 10 + 0.5) / 10};
        }
        List<ReplayWindow> nodes = new ArrayList<>();
        for (int n = 0; n < NODES; n++) {
            nodes.add(new ReplayWindow(
                    new PresenceFilter(
                            PresenceSettings.standard(),
                            new ConstantVelocity(0.5, ConstantVelocity.Kind.CONTINUOUS),
                            LabelSource.counting("n" + n, 1)),
                    200_000_000L,
                    256));
        }
        int total = (seconds + 1) * 30 * CAMERAS;
        double[] latency = new double[seconds * 30 * CAMERAS];
        long[] free = new long[workers];
        double busy = 0;
        for (int k = 0; k < total; k++) {
            int camera = k % CAMERAS;
            long arrival = k / CAMERAS * PERIOD_NANOS + camera * (PERIOD_NANOS / CAMERAS);
            if (camera == 0) {
                walk(people, random);
            }
            // Ten neighbouring cameras, a row, are one node.
            int node = camera / 10;
            SensorScan scan = look(camera, k / CAMERAS, arrival, cameras[camera], people, random);
            long start = System.nanoTime();
            nodes.get(node).offer(scan);
            long service = System.nanoTime() - start;
            int worker = node % workers;
            free[worker] = Math.max(free[worker], arrival) + service;
            int measured = k - (total - latency.length);
            if (measured >= 0) {
                latency[measured] = (free[worker] - arrival) / 1e3;
                busy += service / 1e3;
            }
        }
        Arrays.sort(latency);
        return new Result(
                latency.length,
                latency[latency.length / 2],
                latency[(int) (0.99 * latency.length)],
                latency[latency.length - 1],
                busy / latency.length);
    }

    public static String markdown(Result r) {
        return String.format(
                Locale.ROOT,
                "| scans | median µs | p99 µs | worst µs | worker µs a scan |%n|---|---|---|---|---|%n"
                        + "| %d | %.0f | %.0f | %.0f | %.0f |%n",
                r.scans(),
                r.medianMicros(),
                r.p99Micros(),
                r.worstMicros(),
                r.busyMicros());
    }

    private static void walk(double[][] people, SplittableRandom random) {
        double dt = PERIOD_NANOS * 1e-9;
        for (double[] p : people) {
            for (int axis = 0; axis < 2; axis++) {
                p[2 + axis] += 0.5 * Math.sqrt(dt) * random.nextGaussian();
                p[axis] += dt * p[2 + axis];
                if (p[axis] < 0 || p[axis] > SIDE) {
                    p[2 + axis] = -p[2 + axis];
                    p[axis] = Math.clamp(p[axis], 0, SIDE);
                }
            }
        }
    }

    private static SensorScan look(
            int camera, int sequence, long nanos, double[] at, double[][] people, SplittableRandom random) {
        double logFalseAlarm = Math.log(1e-3);
        List<Observation> seen = new ArrayList<>();
        for (double[] p : people) {
            if (Math.hypot(p[0] - at[0], p[1] - at[1]) < RANGE && random.nextDouble() < 0.9) {
                seen.add(position(
                        p[0] + SIGMA * random.nextGaussian(), p[1] + SIGMA * random.nextGaussian(), logFalseAlarm));
            }
        }
        for (int c = 0; c < 2; c++) {
            double angle = random.nextDouble(2 * Math.PI);
            double r = RANGE * Math.sqrt(random.nextDouble());
            seen.add(position(at[0] + r * Math.cos(angle), at[1] + r * Math.sin(angle), logFalseAlarm));
        }
        return new SensorScan(
                "c" + camera,
                sequence,
                nanos,
                Coverage.of(FieldOfView.disc(at[0], at[1], RANGE), 0.9),
                Math.log(1e-8),
                seen);
    }

    private static Observation position(double east, double north, double logFalseAlarm) {
        return new Observation.Position(east, north, SIGMA * SIGMA, 0, SIGMA * SIGMA, logFalseAlarm);
    }
}
