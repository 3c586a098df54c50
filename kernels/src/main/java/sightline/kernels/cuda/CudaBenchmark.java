package sightline.kernels.cuda;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/**
 * Times a network on one device: device time of whole replays by events, median of many, float16 against the float32
 * path on the same fresh random inputs. Prints one line a network and, if asked, where the time went.
 */
public final class CudaBenchmark {
    private static final int RUNS = 200;
    /** Measured on an H100: a float16 product of two 8192 x 8192 matrices, and a copy from device to device. */
    private static final double FLOPS = 8.0e14;

    private static final double BANDWIDTH = 3.0e12;

    private final CudaDevice device;
    private final PrintStream out;

    public CudaBenchmark(CudaDevice device, PrintStream out) {
        this.device = device;
        this.out = out;
    }

    /** Column heads of the lines that {@link #network} prints. */
    public void heads() {
        out.printf(
                Locale.ROOT,
                "%-28s %9s %9s %9s %7s %9s %9s %8s %7s%n",
                "network",
                "f16 ms",
                "p95 ms",
                "+copy ms",
                "roof %",
                "f32 ms",
                "rel L2",
                "kernels",
                "MiB");
    }

    /** Compiles, compares and times a bound graph with seeded weights. */
    public void network(String name, Graph graph) {
        Weights weights = RandomWeights.of(graph, 7, Arena.ofAuto(), 1);
        Map<String, Tensor> inputs = inputs(graph);
        Map<String, float[]> exact = new HashMap<>();
        float slow;
        try (CudaSession session =
                new CudaEngine(device, Storage.FLOAT32).compile(graph, weights, CompileOptions.DEFAULT)) {
            session.run(inputs).forEach((output, tensor) -> exact.put(output, tensor.toFloats()));
            slow = median(session.time(5, false));
        }
        try (CudaSession session =
                new CudaEngine(device, Storage.FLOAT16).compile(graph, weights, CompileOptions.DEFAULT)) {
            double worst = 0;
            for (Map.Entry<String, Tensor> output : session.run(inputs).entrySet()) {
                worst = Math.max(
                        worst,
                        difference(exact.get(output.getKey()), output.getValue().toFloats()));
            }
            float[] times = session.time(RUNS, false);
            float[] whole = session.time(RUNS / 4, true);
            Arrays.sort(times);
            out.printf(
                    Locale.ROOT,
                    "%-28s %9.4f %9.4f %9.4f %7.1f %9.3f %9.2e %8d %7d%n",
                    name,
                    times[RUNS / 2],
                    times[RUNS * 95 / 100],
                    median(whole),
                    100 * session.leastMilliseconds(FLOPS, BANDWIDTH) / times[RUNS / 2],
                    slow,
                    worst,
                    session.launchCount(),
                    session.deviceBytes() >> 20);
        }
    }

    /** Where a network's time goes in half precision: its slowest kernels one by one, each against its roofline. */
    public void profile(String name, Graph graph, int lines) {
        profile(name, graph, Storage.FLOAT16, lines);
    }

    /** Where the time of a training step goes, in float32: whole replays, then kernels by kind and one by one. */
    public void step(String name, Graph joint, int lines) {
        profile(name, joint, Storage.FLOAT32, lines);
    }

    private void profile(String name, Graph graph, Storage storage, int lines) {
        Weights weights = RandomWeights.of(graph, 7, Arena.ofAuto(), 1);
        try (CudaSession session = new CudaEngine(device, storage).compile(graph, weights, CompileOptions.DEFAULT)) {
            session.run(inputs(graph));
            float[] whole = session.time(10, false);
            List<LaunchTime> times = session.profile(storage == Storage.FLOAT16 ? 20 : 3);
            double total = times.stream().mapToDouble(LaunchTime::milliseconds).sum();
            out.printf(
                    Locale.ROOT,
                    "%n%s: %d kernels, %.3f ms one by one, %.3f ms as a graph, roofline %.3f ms, %d MiB%n",
                    name,
                    times.size(),
                    total,
                    median(whole),
                    session.leastMilliseconds(FLOPS, BANDWIDTH),
                    session.deviceBytes() >> 20);
            byKind(times, total);
            times.stream()
                    .sorted(Comparator.comparingDouble((LaunchTime t) -> -t.milliseconds()))
                    .limit(lines)
                    .forEach(t -> line(t.milliseconds(), t.flops(), t.bytes(), t.kernel(), t.layer()));
        }
    }

    private void byKind(List<LaunchTime> times, double total) {
        Map<String, List<LaunchTime>> kinds = times.stream().collect(Collectors.groupingBy(LaunchTime::kernel));
        kinds.entrySet().stream()
                .sorted(Comparator.comparingDouble(e -> -sum(e.getValue(), LaunchTime::milliseconds)))
                .forEach(e -> line(
                        sum(e.getValue(), LaunchTime::milliseconds),
                        sum(e.getValue(), LaunchTime::flops),
                        sum(e.getValue(), LaunchTime::bytes),
                        e.getKey(),
                        String.format(
                                Locale.ROOT,
                                "%d launches, %.1f %%",
                                e.getValue().size(),
                                100 * sum(e.getValue(), LaunchTime::milliseconds) / total)));
    }

    private static double sum(List<LaunchTime> times, ToDoubleFunction<LaunchTime> of) {
        return times.stream().mapToDouble(of).sum();
    }

    private void line(double milliseconds, double flops, double bytes, String kernel, String layer) {
        double least = 1e3 * Math.max(flops / FLOPS, bytes / BANDWIDTH);
        out.printf(
                Locale.ROOT,
                "  %9.2f us %5.1f %% %8.2f MFLOP %8.2f MB  %-28s %s%n",
                1e3 * milliseconds,
                100 * least / milliseconds,
                flops / 1e6,
                bytes / 1e6,
                kernel,
                layer);
    }

    private static Map<String, Tensor> inputs(Graph graph) {
        Map<String, Tensor> inputs = new HashMap<>();
        SplittableRandom random = new SplittableRandom(11);
        graph.inputs().forEach((name, value) -> {
            Tensor tensor = Tensor.allocate(value.dtype(), value.shape().toArray());
            for (long i = 0; i < tensor.size(); i++) {
                tensor.set(i, random.nextGaussian());
            }
            inputs.put(name, tensor);
        });
        return inputs;
    }

    private static double difference(float[] wanted, float[] got) {
        double square = 0;
        double norm = 0;
        for (int i = 0; i < wanted.length; i++) {
            double d = wanted[i] - got[i];
            square += d * d;
            norm += (double) wanted[i] * wanted[i];
        }
        return Math.sqrt(square / norm);
    }

    private static float median(float[] times) {
        float[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
