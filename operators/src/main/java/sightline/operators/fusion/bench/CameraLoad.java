package sightline.operators.fusion.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import sightline.operators.phd.ReplayWindow;
import sightline.operators.phd.SensorScan;

/**
 * The {@link Crowd} on two workers, in process. Open loop: a scan arrives at its camera's own phase whether or not the
 * worker is free. Service times are measured; a worker's queue follows from them and the arrivals, so the run needs no
 * real time and no sleeping.
 */
public final class CameraLoad {
    /**
     * @param scans measured
     * @param medianMicros from arrival to updated state
     * @param p99Micros of the same
     * @param worstMicros of the same
     * @param busyMicros worker time a scan
     * @param bytes allocated a scan
     */
    public record Result(
            int scans, double medianMicros, double p99Micros, double worstMicros, double busyMicros, long bytes) {}

    private CameraLoad() {}

    /**
     * @param seconds of simulated time, after a second of warm-up
     * @param workers threads that share the nodes
     */
    public static Result run(int seconds, int workers, long seed) {
        Crowd crowd = new Crowd(seed);
        List<ReplayWindow> nodes = Crowd.nodes(Crowd.CAMERAS);
        com.sun.management.ThreadMXBean thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int total = (seconds + 1) * Crowd.RATE * Crowd.CAMERAS;
        double[] latency = new double[seconds * Crowd.RATE * Crowd.CAMERAS];
        long[] free = new long[workers];
        double busy = 0;
        long bytes = 0;
        for (int k = 0; k < total; k++) {
            int camera = k % Crowd.CAMERAS;
            long arrival = k / Crowd.CAMERAS * Crowd.PERIOD_NANOS + Crowd.phaseNanos(camera);
            if (camera == 0) {
                crowd.walk();
            }
            int node = Crowd.node(camera);
            SensorScan scan = crowd.sensorScan(camera, k / Crowd.CAMERAS, arrival);
            long before = thread.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            nodes.get(node).offer(scan);
            long service = System.nanoTime() - start;
            int worker = node % workers;
            free[worker] = Math.max(free[worker], arrival) + service;
            int measured = k - (total - latency.length);
            if (measured >= 0) {
                latency[measured] = (free[worker] - arrival) / 1e3;
                busy += service / 1e3;
                bytes += thread.getCurrentThreadAllocatedBytes() - before;
            }
        }
        Arrays.sort(latency);
        return new Result(
                latency.length,
                latency[latency.length / 2],
                latency[(int) (0.99 * latency.length)],
                latency[latency.length - 1],
                busy / latency.length,
                bytes / latency.length);
    }

    public static String markdown(Result r) {
        return String.format(
                Locale.ROOT,
                "| scans | median µs | p99 µs | worst µs | worker µs a scan | KiB allocated |%n|---|---|---|---|---|---|%n"
                        + "| %d | %.0f | %.0f | %.0f | %.0f | %.1f |%n",
                r.scans(),
                r.medianMicros(),
                r.p99Micros(),
                r.worstMicros(),
                r.busyMicros(),
                r.bytes() / 1024.0);
    }
}
