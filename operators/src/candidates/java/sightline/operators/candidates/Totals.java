package sightline.operators.candidates;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import sightline.operators.candidates.LayerBench.Times;

/** What a candidate takes for all convolutions of a network, each counted as often as it occurs. Milliseconds. */
final class Totals {
    private final Map<Layer.Kind, Map<Pass, Double>> runs = new EnumMap<>(Layer.Kind.class);
    private final Map<String, Integer> hows = new TreeMap<>();
    private double least;
    private double reorders;
    private double distance;

    void add(Layer layer, Layer.Count count, Times times) {
        Map<Pass, Double> kind = runs.computeIfAbsent(layer.kind(), k -> new EnumMap<>(Pass.class));
        times.runs().forEach((pass, millis) -> kind.merge(pass, count.of(pass) * millis, Double::sum));
        times.least().forEach((pass, millis) -> least += count.of(pass) * millis);
        times.reorders().forEach((pass, millis) -> reorders += count.of(pass) * millis);
        times.how().forEach((pass, how) -> {
            if (!how.isEmpty()) {
                hows.merge(pass + " " + layer.kind() + " " + how, count.of(pass), Integer::sum);
            }
        });
        distance = Math.max(distance, times.distance());
    }

    double of(Layer.Kind kind, Pass pass) {
        return runs.getOrDefault(kind, Map.of()).getOrDefault(pass, 0.0);
    }

    double of(Layer.Kind kind) {
        return runs.getOrDefault(kind, Map.of()).values().stream()
                .mapToDouble(d -> d)
                .sum();
    }

    double of(Pass pass) {
        return runs.values().stream()
                .mapToDouble(kind -> kind.getOrDefault(pass, 0.0))
                .sum();
    }

    double all() {
        return runs.keySet().stream().mapToDouble(this::of).sum();
    }

    /** The sum of the fastest runs. */
    double least() {
        return least;
    }

    double reorders() {
        return reorders;
    }

    /** The largest relative L2 to the reference. */
    double distance() {
        return distance;
    }

    /** Pass, kind and how they were computed, with their number. */
    Map<String, Integer> hows() {
        return hows;
    }
}
