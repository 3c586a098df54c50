package sightline.kernels.cuda;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sightline.kernels.cuda.driver.EventTimer;
import sightline.kernels.cuda.single.Findings;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/**
 * Times a network on one device: device time of whole replays by events, median of many, float16 against the float32
 * path on the same fresh random inputs. Prints one line a network and, if asked, where the time went.
 */
public final class CudaBenchmark {
    private static final int RUNS = 200;
    private static final int PROFILES = 20;
    private final CudaDevice device;
    private final Optional<TileCache> tiles;
    private final PrintStream out;

    /** @param tiles makes float16 engines try which kernels are the fastest; see {@link CudaEngine} */
    public CudaBenchmark(CudaDevice device, Optional<TileCache> tiles, PrintStream out) {
        this.device = device;
        this.tiles = tiles;
        this.out = out;
    }

    private CudaEngine engine(Storage storage) {
        return new CudaEngine(device, storage, tiles);
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
        Map<String, Tensor> inputs = NetworkProfile.inputs(graph);
        Map<String, float[]> exact = new HashMap<>();
        float slow;
        try (CudaSession session = engine(Storage.FLOAT32).compile(graph, weights, CompileOptions.DEFAULT)) {
            session.run(inputs).forEach((output, tensor) -> exact.put(output, tensor.toFloats()));
            slow = EventTimer.median(session.time(5, false));
        }
        try (CudaSession session = engine(Storage.FLOAT16).compile(graph, weights, CompileOptions.DEFAULT)) {
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
                    EventTimer.median(whole),
                    100 * session.leastMilliseconds(Card.H100) / times[RUNS / 2],
                    slow,
                    worst,
                    session.launchCount(),
                    session.deviceBytes() >> 20);
        }
    }

    /** Where a network's time goes in half precision: its slowest kernels one by one, each against its roofline. */
    public void profile(Graph graph, int lines) {
        profile(graph, Storage.FLOAT16, lines);
    }

    /** Where the time of a training step goes: whole replays, then kernels by kind and one by one. */
    public void step(Graph joint, Storage storage, int lines) {
        profile(joint, storage, lines);
    }

    private void profile(Graph graph, Storage storage, int lines) {
        out.println();
        NetworkProfile.measured(engine(storage), graph).print(out, Card.H100, lines);
    }

    /**
     * What it costs to look on the device for what a network's maps hold, rather than to copy the maps back: the device's
     * time without and with copies either way, then that of each kernel that looks. What the second graph takes besides asks
     * for nothing in whole runs, and for as much as it can in single kernels.
     *
     * @param finder the graph that looks, made when the maps of a run are known
     */
    public void finding(String name, Graph maps, Function<Map<String, Tensor>, Graph> finder) {
        Graph found;
        try (CudaSession session = open(maps)) {
            found = finder.apply(session.run(NetworkProfile.inputs(maps)));
            whole(name + ", maps", session);
        }
        try (CudaSession session = open(found)) {
            Map<String, Tensor> inputs = NetworkProfile.inputs(found);
            inputs.replaceAll((input, tensor) -> maps.inputs().containsKey(input) ? tensor : nothing(tensor));
            session.run(inputs);
            whole(name + ", found", session);
            session.run(seekingEverywhere(found));
            session.profile(PROFILES).stream()
                    .filter(t -> Findings.KERNELS.contains(t.kernel()))
                    .forEach(t -> out.printf(Locale.ROOT, "  %-26s %9.4f%n", t.kernel(), t.milliseconds()));
        }
    }

    /** Inputs that ask for something in all maps of all pictures in turn. */
    private static Map<String, Tensor> seekingEverywhere(Graph graph) {
        Map<String, Tensor> inputs = NetworkProfile.inputs(graph);
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Finding.Summits) {
                graph.inputs().forEach((name, value) -> {
                    if (value.equals(node.input(2))) {
                        seekEverywhere(inputs.get(name), node.input(1));
                    }
                });
            }
        }
        return inputs;
    }

    /** Tags stay as they were drawn. */
    private static void seekEverywhere(Tensor sought, Value maps) {
        int pictures = Math.toIntExact(maps.size(0));
        int each = Math.toIntExact(maps.size(1));
        for (int row = 0; row < sought.dim(0); row++) {
            sought.set((long) row * Finding.Summits.SOUGHT, row % pictures);
            sought.set((long) row * Finding.Summits.SOUGHT + 1, row / pictures % each);
        }
    }

    /** A late input that asks for nothing. */
    private static Tensor nothing(Tensor sought) {
        Tensor nothing = Tensor.allocate(sought.dtype(), sought.shape());
        for (long i = 0; i < nothing.size(); i++) {
            nothing.set(i, -1);
        }
        return nothing;
    }

    private CudaSession open(Graph graph) {
        return engine(Storage.FLOAT16)
                .compile(graph, RandomWeights.of(graph, 7, Arena.ofAuto(), 1), CompileOptions.DEFAULT);
    }

    private void whole(String name, CudaSession session) {
        out.printf(
                Locale.ROOT,
                "%-28s %9.4f ms, %9.4f with copies%n",
                name,
                EventTimer.median(session.time(RUNS / 4, false)),
                EventTimer.median(session.time(RUNS / 4, true)));
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
}
