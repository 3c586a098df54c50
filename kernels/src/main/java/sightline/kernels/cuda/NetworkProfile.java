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
import sightline.kernels.cuda.half.Chooser;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.MemoryPlan;
import sightline.kernels.cuda.program.Program;
import sightline.kernels.cuda.single.CoatUpdates;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/**
 * A network as this engine cuts it into kernels: for each one its layer, FLOP, least traffic and the roofline's time, and,
 * where a device ran it, the time that it took. Weights are random ones: times do not depend on them.
 *
 * <p>Without a device everything but the measured times is there, since lowering and the memory plan need none.
 */
public final class NetworkProfile {
    private static final int WHOLE_RUNS = 10;
    private static final long SEED = 7;
    /** Expressions printed for each kernel that is. */
    private static final long EXPRESSIONS = 4;

    private final Graph graph;
    private final List<LaunchTime> launches;
    private final double whole;
    private final long deviceBytes;

    private NetworkProfile(Graph graph, List<LaunchTime> launches, double whole, long deviceBytes) {
        this.graph = graph;
        this.launches = launches;
        this.whole = whole;
        this.deviceBytes = deviceBytes;
    }

    /** What a bound graph would be on a device. */
    public static NetworkProfile planned(Graph graph, Storage storage) {
        Weights weights = weights(graph);
        return planned(
                graph, Lowering.program(graph, name -> weights.find(name).orElseThrow(), storage, Chooser.FIRST));
    }

    /** What a training step with {@link CoatTrainer} would be. */
    public static NetworkProfile plannedTraining(Graph joint, Storage storage) {
        return planned(joint, Lowering.training(joint, storage, CoatUpdates.matrices(joint)));
    }

    private static NetworkProfile planned(Graph graph, Program program) {
        MemoryPlan plan = MemoryPlan.of(program);
        List<LaunchTime> launches = program.steps().stream()
                .map(s -> new LaunchTime(s.label(), s.kernel(), Double.NaN, s.flops(), s.bytes()))
                .toList();
        return new NetworkProfile(graph, launches, Double.NaN, plan.lastingBytes() + plan.arenaBytes());
    }

    /** What it is on an engine's device: each kernel alone, the least of a few times, and the whole as one CUDA graph. */
    public static NetworkProfile measured(CudaEngine engine, Graph graph) {
        try (CudaSession session = engine.compile(graph, weights(graph), CompileOptions.DEFAULT)) {
            session.run(inputs(graph));
            return measured(session, engine.storage() == Storage.FLOAT16 ? 20 : 3);
        }
    }

    /** A session that has run, on the inputs of its last run. */
    static NetworkProfile measured(CudaSession session, int repeats) {
        float[] times = session.time(WHOLE_RUNS, false);
        Arrays.sort(times);
        return new NetworkProfile(
                session.graph(), session.profile(repeats), times[times.length / 2], session.deviceBytes());
    }

    private static Weights weights(Graph graph) {
        return RandomWeights.of(graph, SEED, Arena.ofAuto(), 1);
    }

    /** Fresh random inputs of a graph. */
    static Map<String, Tensor> inputs(Graph graph) {
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

    List<LaunchTime> launches() {
        return launches;
    }

    /** The sum of every kernel's least possible time, in milliseconds. */
    public double roofline(Card card) {
        return sum(launches, t -> card.leastMilliseconds(t.flops(), t.bytes()));
    }

    /**
     * Prints the whole, then kernels by kind, then one by one, the longest first.
     *
     * @param card whose ceilings to compare with
     * @param lines how many kernels to print one by one
     */
    public void print(PrintStream out, Card card, int lines) {
        out.printf(
                Locale.ROOT,
                "%s: %d kernels, %.2f GFLOP, %.1f MB of traffic, roofline %.4f ms, %d MiB on the device%n",
                graph.name(),
                launches.size(),
                sum(launches, LaunchTime::flops) / 1e9,
                sum(launches, LaunchTime::bytes) / 1e6,
                roofline(card),
                deviceBytes >> 20);
        if (!Double.isNaN(whole)) {
            out.printf(
                    Locale.ROOT,
                    "%.4f ms as a graph, %.1f %% of the roofline; %.4f ms kernel by kernel%n",
                    whole,
                    100 * roofline(card) / whole,
                    sum(launches, LaunchTime::milliseconds));
        }
        out.printf(
                Locale.ROOT,
                "%n  %10s %10s %7s %8s %10s %9s  %-28s %s%n",
                "us",
                "least us",
                "roof",
                "bound",
                "MFLOP",
                "MB",
                "kernel",
                "layer");
        Map<String, List<LaunchTime>> kinds =
                launches.stream().collect(Collectors.groupingBy(t -> ExpressionKernel.kind(t.kernel())));
        kinds.entrySet().stream()
                .map(e -> together(e.getKey(), e.getValue()))
                .sorted(slowest(card))
                .forEach(t -> line(out, card, t));
        out.println();
        launches.stream()
                .filter(t -> ExpressionKernel.compiled(t.kernel()))
                .collect(Collectors.groupingBy(LaunchTime::kernel))
                .values()
                .stream()
                .map(all -> together(all.getFirst().kernel(), all))
                .sorted(slowest(card))
                .limit(lines * EXPRESSIONS)
                .forEach(t -> line(out, card, t));
        out.println();
        launches.stream().sorted(slowest(card)).limit(lines).forEach(t -> line(out, card, t));
    }

    private static LaunchTime together(String kernel, List<LaunchTime> all) {
        return new LaunchTime(
                all.size() + " launches, first " + all.getFirst().layer(),
                kernel,
                sum(all, LaunchTime::milliseconds),
                sum(all, LaunchTime::flops),
                sum(all, LaunchTime::bytes));
    }

    private static Comparator<LaunchTime> slowest(Card card) {
        return Comparator.comparingDouble((LaunchTime t) -> Double.isNaN(t.milliseconds())
                        ? card.leastMilliseconds(t.flops(), t.bytes())
                        : t.milliseconds())
                .reversed();
    }

    private static double sum(List<LaunchTime> times, ToDoubleFunction<LaunchTime> of) {
        return times.stream().mapToDouble(of).sum();
    }

    private static void line(PrintStream out, Card card, LaunchTime t) {
        double least = card.leastMilliseconds(t.flops(), t.bytes());
        boolean measured = !Double.isNaN(t.milliseconds());
        out.printf(
                Locale.ROOT,
                "  %10s %10.2f %7s %8s %10.2f %9.2f  %-28s %s%n",
                measured ? String.format(Locale.ROOT, "%.2f", 1e3 * t.milliseconds()) : "-",
                1e3 * least,
                measured ? String.format(Locale.ROOT, "%.1f %%", 100 * least / t.milliseconds()) : "-",
                card.computes(t.flops(), t.bytes()) ? "compute" : "memory",
                t.flops() / 1e6,
                t.bytes() / 1e6,
                t.kernel(),
                t.layer());
    }
}
