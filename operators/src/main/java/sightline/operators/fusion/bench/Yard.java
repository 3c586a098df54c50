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

/**
 * A square yard with walkers of white acceleration and sensors on a circle, four of them one over each quarter, whose
 * discs overlap; each looks ten times a second at its own phase.
 */
final class Yard {
    static final long TICK = 100_000_000L;
    static final int NODES = 4;
    static final double DETECTION = 0.9;
    static final double CLUTTER = 1;
    static final double SIGMA = 0.3;
    static final double ACCELERATION = 0.15;

    private static final double HALF = 30;
    static final double RANGE = 26;
    private static final double CIRCLE = 15 * Math.sqrt(2);

    private final SplittableRandom random;
    private final List<double[]> walkers = new ArrayList<>();
    private final double[][] sensors;

    Yard(int count, int nodes, long seed) {
        sensors = places(nodes);
        random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            walkers.add(new double[] {
                random.nextDouble(-20, 20), random.nextDouble(-20, 20), random.nextGaussian(), random.nextGaussian()
            });
        }
    }

    private static double[][] places(int nodes) {
        double[][] out = new double[nodes][];
        for (int s = 0; s < nodes; s++) {
            double angle = 2 * Math.PI * (s - nodes * 3 / 8.0) / nodes;
            out[s] = new double[] {CIRCLE * Math.cos(angle), CIRCLE * Math.sin(angle)};
        }
        return out;
    }

    static Site site(int count, boolean central) {
        double[][] places = places(count);
        List<String> nodes = central
                ? List.of("hub")
                : IntStream.range(0, count).mapToObj(s -> "n" + s).toList();
        List<SensorSpec> sensors = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            sensors.add(new SensorSpec(
                    "s" + s,
                    SensorSpec.Kind.POSITION,
                    central ? "hub" : nodes.get(s),
                    Optional.empty(),
                    places[s][0],
                    places[s][1],
                    RANGE,
                    DETECTION,
                    CLUTTER));
        }
        return new Site("yard", nodes, sensors, List.of(), List.of(), TICK);
    }

    /** Walkers that are still in the yard: {@code {east, north, ...}}. */
    List<double[]> walkers() {
        return walkers;
    }

    boolean sees(int sensor, double[] at) {
        return Math.hypot(at[0] - sensors[sensor][0], at[1] - sensors[sensor][1]) < RANGE;
    }

    /** Moves everybody through one tick and returns the scan of each sensor in it. */
    List<Scan> advance(long tick) {
        List<Scan> out = new ArrayList<>();
        double step = TICK * 1e-9 / sensors.length;
        for (int s = 0; s < sensors.length; s++) {
            for (double[] w : walkers) {
                // Exact discretisation of white acceleration over the step.
                double a = random.nextGaussian();
                double b = random.nextGaussian();
                double c = random.nextGaussian();
                double d = random.nextGaussian();
                double rate = Math.sqrt(ACCELERATION * step);
                w[0] += step * w[2] + rate * step * (a / 2 + c / Math.sqrt(12));
                w[1] += step * w[3] + rate * step * (b / 2 + d / Math.sqrt(12));
                w[2] += rate * a;
                w[3] += rate * b;
            }
            out.add(look(s, tick, (tick - 1) * TICK + (s + 1) * (TICK / sensors.length)));
        }
        walkers.removeIf(w -> Math.abs(w[0]) > HALF || Math.abs(w[1]) > HALF);
        return out;
    }

    private Scan look(int sensor, long tick, long nanos) {
        List<Measurement> seen = new ArrayList<>();
        for (double[] w : walkers) {
            if (sees(sensor, w) && random.nextDouble() < DETECTION) {
                seen.add(new Measurement.Position(
                        w[0] + SIGMA * random.nextGaussian(),
                        w[1] + SIGMA * random.nextGaussian(),
                        SIGMA * SIGMA,
                        0,
                        SIGMA * SIGMA,
                        1));
            }
        }
        if (random.nextDouble() < CLUTTER) {
            double angle = random.nextDouble(2 * Math.PI);
            double r = RANGE * Math.sqrt(random.nextDouble());
            seen.add(new Measurement.Position(
                    sensors[sensor][0] + r * Math.cos(angle),
                    sensors[sensor][1] + r * Math.sin(angle),
                    SIGMA * SIGMA,
                    0,
                    SIGMA * SIGMA,
                    1));
        }
        return new Scan(
                "s" + sensor,
                0,
                tick,
                ObservationTime.at(nanos, "simulator"),
                Origin.SIMULATED,
                sensors[sensor][0],
                sensors[sensor][1],
                seen,
                "",
                "simulated");
    }
}
