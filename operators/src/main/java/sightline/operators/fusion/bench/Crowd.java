package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * 200 people on a square under a hundred cameras at thirty pictures a second, ten neighbouring ones a node: each person in
 * about three views, detected nine times in ten, two false detections a scan. Simulated, deterministic for a seed. One
 * caller at a time.
 */
final class Crowd {
    static final int CAMERAS = 100;
    static final int NODES = 10;
    static final int PEOPLE = 200;
    static final long PERIOD_NANOS = 1_000_000_000L / 30;
    static final double DETECTION = 0.9;
    static final double SIGMA = 0.2;
    private static final int FALSE_ALARMS = 2;
    private static final double SIDE = 100;
    /** A disc of which about three of the hundred cover any place. */
    static final double RANGE = Math.sqrt(3 * SIDE * SIDE / CAMERAS / Math.PI);

    private final SplittableRandom random;
    private final double[][] people = new double[PEOPLE][];

    Crowd(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < PEOPLE; i++) {
            people[i] = new double[] {
                random.nextDouble(SIDE), random.nextDouble(SIDE), random.nextGaussian(), random.nextGaussian()
            };
        }
    }

    static double[] place(int camera) {
        return new double[] {SIDE * (camera % 10 + 0.5) / 10, SIDE * (camera / 10 + 0.5) / 10};
    }

    /** A row of cameras is a node. */
    static int node(int camera) {
        return camera * NODES / CAMERAS;
    }

    /** Offset of a camera's exposures in each period: they are spread evenly. */
    static long phaseNanos(int camera) {
        return camera * (PERIOD_NANOS / CAMERAS);
    }

    /** Moves everybody by a period; who comes to the edge turns round. */
    void walk() {
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

    /** What a camera detects now: {@code {east, north}}. */
    List<double[]> look(int camera) {
        double[] at = place(camera);
        List<double[]> seen = new ArrayList<>();
        for (double[] p : people) {
            if (Math.hypot(p[0] - at[0], p[1] - at[1]) < RANGE && random.nextDouble() < DETECTION) {
                seen.add(new double[] {p[0] + SIGMA * random.nextGaussian(), p[1] + SIGMA * random.nextGaussian()});
            }
        }
        for (int c = 0; c < FALSE_ALARMS; c++) {
            double angle = random.nextDouble(2 * Math.PI);
            double r = RANGE * Math.sqrt(random.nextDouble());
            seen.add(new double[] {at[0] + r * Math.cos(angle), at[1] + r * Math.sin(angle)});
        }
        return seen;
    }
}
