package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
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
 * 200 people on a square under a hundred cameras at thirty pictures a second, ten neighbouring ones a node: each person in
 * about three views, detected nine times in ten, two false detections a scan. Simulated, deterministic for a seed. One
 * caller at a time.
 */
public final class Crowd {
    static final int CAMERAS = 100;
    static final int NODES = 10;
    static final int PEOPLE = 200;
    /** Scans a second of each camera. */
    public static final int RATE = 30;

    public static final long PERIOD_NANOS = 1_000_000_000L / RATE;
    static final double DETECTION = 0.9;
    static final double SIGMA = 0.2;
    private static final int FALSE_ALARMS = 2;
    private static final double SIDE = 100;
    private static final long TICK_NANOS = 100_000_000L;
    private static final long LATE_NANOS = 200_000_000L;
    private static final int LATE_SCANS = 256;
    /** A disc of which about three of the hundred cover any place. */
    static final double RANGE = Math.sqrt(3 * SIDE * SIDE / CAMERAS / Math.PI);

    private final SplittableRandom random;
    private final double[][] people = new double[PEOPLE][];

    public Crowd(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < PEOPLE; i++) {
            people[i] = new double[] {
                random.nextDouble(SIDE), random.nextDouble(SIDE), random.nextGaussian(), random.nextGaussian()
            };
        }
    }

    /** From the hundredth on, cameras look where another does. */
    static double[] place(int camera) {
        return new double[] {SIDE * (camera % 10 + 0.5) / 10, SIDE * (camera % CAMERAS / 10 + 0.5) / 10};
    }

    /** A row of cameras is a node. */
    public static int node(int camera) {
        return camera * NODES / CAMERAS;
    }

    /** Offset of a camera's exposures in each period: they are spread evenly. */
    public static long phaseNanos(int camera) {
        return camera * (PERIOD_NANOS / CAMERAS);
    }

    static String name(int camera) {
        return "c" + camera;
    }

    /** The first so many cameras, whole rows of ten, as sensors of positions. */
    public static Site site(int cameras) {
        if (cameras <= 0 || cameras > CAMERAS || cameras % (CAMERAS / NODES) != 0) {
            throw new IllegalArgumentException(cameras + " cameras: not 10, 20 and so on to " + CAMERAS);
        }
        List<String> nodes = IntStream.rangeClosed(0, node(cameras - 1))
                .mapToObj(n -> "n" + n)
                .toList();
        List<SensorSpec> sensors = IntStream.range(0, cameras)
                .mapToObj(c -> new SensorSpec(
                        name(c),
                        SensorSpec.Kind.POSITION,
                        nodes.get(node(c)),
                        Optional.empty(),
                        place(c)[0],
                        place(c)[1],
                        RANGE,
                        DETECTION,
                        FALSE_ALARMS))
                .toList();
        return new Site("crowd", nodes, sensors, List.of(), List.of(), TICK_NANOS);
    }

    /** Moves everybody by a period; who comes to the edge turns round. */
    public void walk() {
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

    /** What it detects now, as a filter takes it. */
    public SensorScan sensorScan(int camera, int sequence, long exposureNanos) {
        List<Observation> seen = new ArrayList<>();
        for (double[] p : look(camera)) {
            seen.add(new Observation.Position(p[0], p[1], SIGMA * SIGMA, 0, SIGMA * SIGMA, Math.log(1e-3)));
        }
        double[] at = place(camera);
        return new SensorScan(
                name(camera),
                sequence,
                exposureNanos,
                Coverage.of(FieldOfView.disc(at[0], at[1], RANGE), DETECTION),
                Math.log(1e-8),
                seen);
    }

    /** The filters of the nodes that so many cameras make, each with a fifth of a second for late scans. */
    public static List<ReplayWindow> nodes(int cameras) {
        return IntStream.rangeClosed(0, node(cameras - 1))
                .mapToObj(n -> new ReplayWindow(
                        new PresenceFilter(
                                PresenceSettings.standard(),
                                new ConstantVelocity(0.5, ConstantVelocity.Kind.CONTINUOUS),
                                LabelSource.counting("n" + n, 1)),
                        LATE_NANOS,
                        LATE_SCANS))
                .toList();
    }

    /** The same as a message. */
    public Scan scan(int camera, long sequence, long exposureNanos) {
        List<Measurement> seen = new ArrayList<>();
        for (double[] p : look(camera)) {
            seen.add(new Measurement.Position(p[0], p[1], SIGMA * SIGMA, 0, SIGMA * SIGMA, 1));
        }
        return new Scan(
                name(camera),
                0,
                sequence,
                ObservationTime.at(exposureNanos, "simulator"),
                Origin.SIMULATED,
                place(camera)[0],
                place(camera)[1],
                seen,
                "",
                "simulated");
    }
}
