package sightline.operators.candidates;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import sightline.operators.candidates.Candidate.Operands;
import sightline.operators.candidates.Candidate.Passes;

/**
 * One layer on all candidates: first every result is compared with the reference's, then all are warmed up, then they take
 * turns, in another order each round. Before its turn a candidate rests until the threads of the one before have stopped waiting busily, and
 * runs once unmeasured, so that its own are awake as within a step.
 */
final class LayerBench {
    private static final long SEED = 7;
    private static final double WARM_SECONDS = 0.15;
    private static final long REST_MILLIS = 6;
    /** Relative L2 to the reference that float32 may reach: a weight of the first layer sums 350,000 products one after the other. */
    private static final double TOLERANCE = 1e-4;

    private final Candidate reference;
    private final List<Candidate> candidates;
    private final LongSupplier clock;

    /** @param clock in nanoseconds */
    LayerBench(Candidate reference, List<Candidate> candidates, LongSupplier clock) {
        this.reference = reference;
        this.candidates = candidates;
        this.clock = clock;
    }

    /**
     * What a candidate took for a layer, in milliseconds.
     *
     * @param runs medians
     * @param least the fastest runs, which other work on the machine distorts less
     * @param reorders from and to plain layouts, apart; medians
     * @param how it was computed
     * @param distance the largest relative L2 to the reference
     */
    record Times(
            Map<Pass, Double> runs,
            Map<Pass, Double> least,
            Map<Pass, Double> reorders,
            Map<Pass, String> how,
            double distance) {}

    /** In the order of the candidates. */
    List<Times> measure(Layer layer, List<Pass> passes, int rounds) {
        Operands operands = operands(layer);
        Map<Pass, float[]> expected = new EnumMap<>(Pass.class);
        try (Passes right = reference.prepare(layer, operands, passes)) {
            passes.forEach(pass -> expected.put(pass, right.result(pass)));
        }
        List<Turn> turns = new ArrayList<>();
        try {
            for (Candidate candidate : candidates) {
                turns.add(new Turn(candidate.prepare(layer, operands, passes), passes));
            }
            for (int i = 0; i < turns.size(); i++) {
                turns.get(i).check(candidates.get(i).name() + ", " + layer, expected);
            }
            turns.forEach(Turn::warmUp);
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < turns.size(); i++) {
                    turns.get((round + i) % turns.size()).take();
                }
            }
            return turns.stream().map(Turn::times).toList();
        } finally {
            turns.forEach(turn -> turn.ready.close());
        }
    }

    private static Operands operands(Layer layer) {
        var random = new SplittableRandom(SEED);
        return new Operands(
                values(random, layer.xShape()), values(random, layer.wShape()), values(random, layer.yShape()));
    }

    private static float[] values(SplittableRandom random, long[] shape) {
        float[] values = new float[Layer.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private final class Turn {
        private final Passes ready;
        private final List<Pass> passes;
        private final Map<Pass, List<Double>> runs = new EnumMap<>(Pass.class);
        private final Map<Pass, List<Double>> reorders = new EnumMap<>(Pass.class);
        private double distance;

        Turn(Passes ready, List<Pass> passes) {
            this.ready = ready;
            this.passes = passes;
            passes.forEach(pass -> {
                runs.put(pass, new ArrayList<>());
                reorders.put(pass, new ArrayList<>());
            });
        }

        void check(String what, Map<Pass, float[]> expected) {
            for (Pass pass : passes) {
                ready.run(pass);
                double found = distance(ready.result(pass), expected.get(pass));
                if (!(found <= TOLERANCE)) {
                    throw new IllegalStateException(what + ", " + pass + " is wrong: relative L2 " + found);
                }
                distance = Math.max(distance, found);
            }
        }

        private double distance(float[] found, float[] expected) {
            if (found.length != expected.length) {
                return Double.NaN;
            }
            double apart = 0;
            double square = 0;
            for (int i = 0; i < found.length; i++) {
                double difference = (double) found[i] - expected[i];
                apart += difference * difference;
                square += (double) expected[i] * expected[i];
            }
            return Math.sqrt(apart / square);
        }

        void warmUp() {
            long end = System.nanoTime() + (long) (1e9 * WARM_SECONDS);
            do {
                passes.forEach(ready::run);
            } while (System.nanoTime() < end);
            passes.forEach(ready::reorder);
        }

        void take() {
            rest();
            ready.run(passes.getFirst());
            for (Pass pass : passes) {
                runs.get(pass).add(millis(() -> ready.run(pass)));
            }
            for (Pass pass : passes) {
                reorders.get(pass).add(millis(() -> ready.reorder(pass)));
            }
        }

        private void rest() {
            try {
                Thread.sleep(REST_MILLIS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopped);
            }
        }

        private double millis(Runnable work) {
            long begin = clock.getAsLong();
            work.run();
            return (clock.getAsLong() - begin) / 1e6;
        }

        Times times() {
            Map<Pass, Double> medians = new EnumMap<>(Pass.class);
            Map<Pass, Double> least = new EnumMap<>(Pass.class);
            Map<Pass, Double> apart = new EnumMap<>(Pass.class);
            Map<Pass, String> how = new EnumMap<>(Pass.class);
            for (Pass pass : passes) {
                medians.put(pass, median(runs.get(pass)));
                least.put(pass, Collections.min(runs.get(pass)));
                apart.put(pass, median(reorders.get(pass)));
                how.put(pass, ready.how(pass));
            }
            return new Times(medians, least, apart, how, distance);
        }
    }

    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
