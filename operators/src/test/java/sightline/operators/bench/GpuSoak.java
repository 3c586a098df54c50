package sightline.operators.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.CudaSession;
import sightline.kernels.cuda.Storage;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/**
 * Mixed load on one GPU for a while: every perception network in turn on its own thread, and one that is compiled, run and
 * closed again and again, as a swapped model is. Prints what device and process hold, and how fast that grows after the
 * first minute. Arguments: seconds, names of {@link GpuBench}'s networks.
 */
public final class GpuSoak {
    private static final long SETTLED_NANOS = 60_000_000_000L;
    private static final long EVERY_MILLIS = 5_000;

    private final CudaDevice device;
    private final long end;
    private final Map<String, AtomicLong> runs = new HashMap<>();
    private final AtomicLong compiled = new AtomicLong();

    private GpuSoak(CudaDevice device, long end) {
        this.device = device;
        this.end = end;
    }

    private record Sample(double minutes, Held held) {}

    public static void main(String[] arguments) throws Exception {
        long begin = System.nanoTime();
        try (CudaDevice device = CudaDevice.open(0)) {
            new GpuSoak(device, begin + Long.parseLong(arguments[0]) * 1_000_000_000L)
                    .run(begin, List.of(arguments).subList(1, arguments.length));
        }
    }

    private void run(long begin, List<String> names) throws Exception {
        List<Thread> load = new ArrayList<>();
        for (String name : names) {
            Graph graph = GpuBench.networks().get(name).get();
            AtomicLong count = new AtomicLong();
            runs.put(name, count);
            load.add(Thread.ofPlatform().start(() -> {
                try (CudaSession session = compile(graph)) {
                    Map<String, Tensor> inputs = inputs(graph);
                    while (System.nanoTime() < end) {
                        session.run(inputs);
                        count.incrementAndGet();
                    }
                }
            }));
        }
        Graph swapped = GpuBench.networks().get(names.getFirst()).get();
        load.add(Thread.ofPlatform().start(() -> {
            while (System.nanoTime() < end) {
                try (CudaSession session = compile(swapped)) {
                    session.run(inputs(swapped));
                }
                compiled.incrementAndGet();
            }
        }));
        List<Sample> samples = watch(begin);
        for (Thread thread : load) {
            thread.join();
        }
        report(samples);
    }

    private CudaSession compile(Graph graph) {
        // Weights that a session has uploaded are no longer needed; an arena of their own gives them back now, not at a
        // collection.
        try (Arena arena = Arena.ofShared()) {
            Weights weights = RandomWeights.of(graph, 7, arena, 1);
            return new CudaEngine(device, Storage.FLOAT16).compile(graph, weights, CompileOptions.DEFAULT);
        }
    }

    private static Map<String, Tensor> inputs(Graph graph) {
        SplittableRandom random = new SplittableRandom(3);
        Map<String, Tensor> inputs = new HashMap<>();
        graph.inputs().forEach((name, value) -> {
            Tensor tensor = Tensor.allocate(value.dtype(), value.shape().toArray());
            for (long i = 0; i < tensor.size(); i++) {
                tensor.set(i, random.nextGaussian());
            }
            inputs.put(name, tensor);
        });
        return inputs;
    }

    private List<Sample> watch(long begin) throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        System.out.printf("%8s %12s %12s%n", "s", "device MiB", "process MiB");
        while (System.nanoTime() < end) {
            Thread.sleep(EVERY_MILLIS);
            long age = System.nanoTime() - begin;
            Held held = Held.now(device);
            if (samples.size() % 6 == 0) {
                System.out.printf("%8.0f %12.1f %12.1f%n", age / 1e9, held.deviceMiB(), held.processMiB());
            }
            samples.add(new Sample(age / 60e9, held));
        }
        List<Sample> settled =
                samples.stream().filter(s -> s.minutes() * 60e9 > SETTLED_NANOS).toList();
        return settled.isEmpty() ? samples : settled;
    }

    private void report(List<Sample> samples) {
        runs.forEach((name, count) -> System.out.printf("%-24s %10d runs%n", name, count.get()));
        System.out.printf("%-24s %10d times%n", "compiled and closed", compiled.get());
        double[] minutes = samples.stream().mapToDouble(Sample::minutes).toArray();
        System.out.printf(
                "growth after the first minute, MiB a minute: device %.3f, process %.3f%n",
                slope(
                        minutes,
                        samples.stream().mapToDouble(s -> s.held().deviceMiB()).toArray()),
                slope(
                        minutes,
                        samples.stream().mapToDouble(s -> s.held().processMiB()).toArray()));
    }

    /** Of the least-squares line. */
    private static double slope(double[] x, double[] y) {
        double meanX = java.util.Arrays.stream(x).average().orElseThrow();
        double meanY = java.util.Arrays.stream(y).average().orElseThrow();
        double above = 0;
        double below = 0;
        for (int i = 0; i < x.length; i++) {
            above += (x[i] - meanX) * (y[i] - meanY);
            below += (x[i] - meanX) * (x[i] - meanX);
        }
        return above / below;
    }
}
