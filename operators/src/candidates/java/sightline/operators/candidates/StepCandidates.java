package sightline.operators.candidates;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.TrainableNetwork;
import sightline.operators.candidates.LayerBench.Times;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Variant;

/**
 * The convolutions of a training step of Det-B0 on each candidate, and a whole step on ONNX Runtime beside them. The
 * convolutions are those of the network's own graph; each kind is measured once a side, as {@link LayerBench} says, and
 * counted as often as it occurs. The sum leaves out everything else of a step: norms, activations, attention, copies.
 *
 * <p>{@code mvn -ntp -q -Dquick -Pcandidates -pl operators -am process-test-classes -Dcandidates="ROUNDS THREADS
 * SIDE ..."}; without the last property it is seven rounds of all four sides with two threads, in some ten minutes. With one thread, time is
 * that which the calling thread had a core for, so that other work on the machine takes none of it away; with more it is time
 * on the wall, and threads that wait for each other wait for that work, too.
 */
public final class StepCandidates {
    private static final int BATCH = 8;
    private static final int[] SIDES = {128, 256, 320, 416};
    private static final int ROUNDS = 7;
    private static final int THREADS = 2;
    private static final long SEED = 7;
    /** A layer whose arithmetic takes no time: what remains is what a call costs. */
    private static final Layer NOTHING = new Layer(1, 16, 2, 2, 16, 1, 1, 0, 1);

    private final PrintStream out;
    private final int threads;
    private final List<Candidate> candidates;
    private final LongSupplier clock;
    private final LayerBench bench;

    private StepCandidates(PrintStream out, int threads, List<Candidate> candidates) {
        this.out = out;
        this.threads = threads;
        this.candidates = candidates;
        ThreadMXBean cores = ManagementFactory.getThreadMXBean();
        this.clock = threads == 1 ? cores::getCurrentThreadCpuTime : System::nanoTime;
        this.bench = new LayerBench(
                new OnnxCandidate("reference", new ReferenceEngine(), CompileOptions.DEFAULT), candidates, clock);
    }

    /** @param arguments rounds, threads and sides; seven rounds of all four sides with two threads where none are given */
    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
        int threads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : THREADS;
        int[] sides = arguments.length > 2
                ? Arrays.stream(arguments).skip(2).mapToInt(Integer::parseInt).toArray()
                : SIDES;
        var dnn = new OneDnn(threads);
        try (var vector = new VectorCandidate(threads)) {
            var onnx = new OnnxCandidate("onnx", new OnnxEngine(), CompileOptions.DEFAULT.withThreads(threads));
            var any = new OneDnnCandidate("onednn", OneDnn.FORMAT_ANY, dnn);
            var last = new OneDnnCandidate("onednn nhwc", OneDnn.FORMAT_ACDB, dnn);
            var all = new StepCandidates(System.out, threads, List.of(onnx, any, last, vector));
            // Once through without a figure: code gets hot, files get read.
            all.convolutions(network(sides[0]), 1);
            all.calls();
            for (int side : sides) {
                all.side(side, rounds);
            }
        }
    }

    private static Graph network(int side) {
        return EfficientVit.detection(Variant.B0, Shape.of(BATCH, 3, side, side));
    }

    private void calls() {
        List<Times> times = bench.measure(NOTHING, List.of(Pass.FORWARD), 101);
        out.print("A call takes");
        for (int i = 0; i < candidates.size(); i++) {
            double micros = 1e3 * times.get(i).runs().get(Pass.FORWARD);
            out.printf(
                    Locale.ROOT,
                    "%s %s %.1f us",
                    i == 0 ? "" : ",",
                    candidates.get(i).name(),
                    micros);
        }
        out.println();
    }

    private List<Totals> convolutions(Graph network, int rounds) {
        List<Totals> totals = new ArrayList<>();
        candidates.forEach(candidate -> totals.add(new Totals()));
        for (Map.Entry<Layer, Layer.Count> entry : Layer.of(network).entrySet()) {
            Layer.Count count = entry.getValue();
            List<Times> times = bench.measure(entry.getKey(), Layer.passes(count), rounds);
            for (int i = 0; i < times.size(); i++) {
                totals.get(i).add(entry.getKey(), count, times.get(i));
            }
        }
        return totals;
    }

    private void side(int side, int rounds) {
        Graph network = network(side);
        Map<Layer, Layer.Count> layers = Layer.of(network);
        int count = layers.values().stream().mapToInt(Layer.Count::forward).sum();
        out.printf(
                Locale.ROOT,
                "%nside %d, %d pictures: %d convolutions of %d kinds, threads %d, load %.1f",
                side,
                BATCH,
                count,
                layers.size(),
                threads,
                load());
        List<Totals> totals = convolutions(network, rounds);
        out.printf(Locale.ROOT, " to %.1f%n", load());
        table(totals);
        step(network, totals, rounds);
        for (int i = 0; i < totals.size(); i++) {
            String name = candidates.get(i).name();
            totals.get(i).hows().forEach((how, times) -> out.printf("  %s: %d %s%n", name, times, how));
        }
    }

    private void table(List<Totals> totals) {
        out.printf(
                "%12s %9s %9s %9s %9s %9s %7s %9s %7s %9s | %9s %9s %9s %9s | %9s%n",
                "",
                "forward",
                "input",
                "weight",
                "sum ms",
                "images/s",
                "times",
                "least ms",
                "times",
                "reorders",
                "dense",
                "1x1",
                "grouped",
                "depthwise",
                "apart");
        for (int i = 0; i < totals.size(); i++) {
            Totals t = totals.get(i);
            out.printf(
                    Locale.ROOT,
                    "%12s %9.1f %9.1f %9.1f %9.1f %9.2f %7.2f %9.1f %7.2f %9.1f | %9.1f %9.1f %9.1f %9.1f | %9.1e%n",
                    candidates.get(i).name(),
                    t.of(Pass.FORWARD),
                    t.of(Pass.INPUT),
                    t.of(Pass.WEIGHT),
                    t.all(),
                    1e3 * BATCH / t.all(),
                    totals.getFirst().all() / t.all(),
                    t.least(),
                    totals.getFirst().least() / t.least(),
                    t.reorders(),
                    t.of(Layer.Kind.DENSE),
                    t.of(Layer.Kind.POINTWISE),
                    t.of(Layer.Kind.GROUPED),
                    t.of(Layer.Kind.DEPTHWISE),
                    t.distance());
        }
    }

    /** A whole step on ONNX Runtime, and what it would be with another candidate's convolutions and all else as it is. */
    private void step(Graph network, List<Totals> totals, int rounds) {
        Parameters parameters = TrainableNetwork.parameters(network, SEED);
        List<Double> forward = new ArrayList<>();
        List<Double> joint = new ArrayList<>();
        try (var step = new NetworkGradient(new OnnxEngine(), TrainableNetwork.of(network), threads)) {
            fill(step.input(EfficientVit.IMAGE), 1);
            step.outputs().forEach(name -> fill(step.cotangent(name), 1e-3));
            for (int round = -1; round < rounds; round++) {
                long begin = clock.getAsLong();
                step.forward(parameters);
                long middle = clock.getAsLong();
                step.backward(Map.of());
                if (round >= 0) {
                    forward.add((middle - begin) / 1e6);
                    joint.add((clock.getAsLong() - middle) / 1e6);
                }
            }
        }
        double first = LayerBench.median(forward);
        double whole = LayerBench.median(joint);
        double convolutions = totals.getFirst().all();
        out.printf(
                Locale.ROOT,
                "A step on onnx: %.1f ms forward for the loss, %.1f ms forward and backward (%.2f images/s; %.2f both); "
                        + "its convolutions by themselves are %.2f of the latter%n",
                first,
                whole,
                1e3 * BATCH / whole,
                1e3 * BATCH / (first + whole),
                convolutions / whole);
        for (int i = 1; i < totals.size(); i++) {
            double with = whole - convolutions + totals.get(i).all();
            out.printf(
                    Locale.ROOT,
                    "  with the convolutions of %s and all else as it is: %.1f ms, %.2f images/s%n",
                    candidates.get(i).name(),
                    with,
                    1e3 * BATCH / with);
        }
    }

    private static void fill(Tensor tensor, double scale) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, (float) (scale * Math.sin(0.37 * i)));
        }
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
