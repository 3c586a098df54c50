package sightline.operators.timing;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import sightline.config.domain.Frame;
import sightline.kernels.bench.BarePeer;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Graph;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.onnx.OnnxExport;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;
import sightline.operators.pool.Picture;
import sightline.operators.pool.StillFrame;

/**
 * Each perception network on a picture, as a pipeline uses it, against a bare ONNX Runtime session on the file that its graph
 * exports to, with one thread, with two, and with two that spin, which is the fastest on a machine that does nothing else.
 * All take turns in one process, each first in its turn, so that they meet the same load and the same caches.
 */
public final class ModelBench {
    /** How long a spinning session's threads may go on after it has answered. */
    private static final long SPIN_NANOS = 20_000_000;

    /** Who comes when: each follows each of the others equally often. */
    private static final int[] ORDER = {0, 1, 2, 0, 2, 1};

    private static final int LEAST = 5 * ORDER.length / 2;

    private final Path data;
    private final double seconds;

    private ModelBench(Path data, double seconds) {
        this.data = data;
        this.seconds = seconds;
    }

    /**
     * Prints times and then peak memory, each network in a process of its own for that.
     *
     * @param data folder with {@code golden/} and {@code weights/}; where weights are missing random ones are used
     * @param only networks whose name contains it
     * @param seconds for each row after a warm-up of a third of it
     */
    public static void run(Path data, String only, double seconds, PrintStream out) throws IOException, OrtException {
        ModelBench bench = new ModelBench(data, seconds);
        out.println(ModelRow.head());
        for (Subject subject : Subject.all()) {
            if (subject.name().contains(only)) {
                out.println(bench.measure(subject, 1, false));
                out.println(bench.measure(subject, 2, false));
                out.println(bench.measure(subject, 2, true));
            }
        }
        Footprints.print(data, only, out);
    }

    static Frame frame(Path file) throws IOException {
        return StillFrame.of(Picture.decode(file.toString(), Files.readAllBytes(file)));
    }

    private ModelRow measure(Subject subject, int threads, boolean spinning) throws IOException, OrtException {
        Frame frame = frame(data.resolve(subject.picture()));
        StopwatchEngine watch = new StopwatchEngine(new OnnxEngine());
        CompileOptions options = CompileOptions.DEFAULT
                .withThreads(threads)
                .withSpinning(spinning)
                .lenient();
        Path folder = Files.createTempDirectory("sightline-bench");
        Path file = folder.resolve("model.onnx");
        try (Weights weights = subject.weights().apply(data);
                Looker looker = subject.opening().open(watch, weights, options, data)) {
            looker.look(frame);
            Graph graph = watch.graph();
            OnnxExport.write(graph, watch.weights(), file);
            try (BarePeer bare = new BarePeer(file, graph, watch.inputs(), outputs(graph), threads, spinning)) {
                Round round = new Round(frame, looker, watch, bare, spinning ? SPIN_NANOS : 0);
                round.repeat(seconds / 3);
                round.forget();
                round.repeat(seconds);
                return new ModelRow(
                        subject.name(),
                        subject.trained().apply(data) ? "trained" : "random",
                        threads,
                        spinning,
                        round.whole.get(),
                        round.within.get(),
                        round.network.get(),
                        round.bare.get(),
                        round.network.least() / round.bare.least(),
                        round.whole.least() / round.bare.least(),
                        watch.compileMillis());
            }
        } finally {
            delete(folder);
        }
    }

    private static Map<String, Tensor> outputs(Graph graph) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        graph.outputs()
                .forEach((name, value) -> outputs.put(
                        name, Tensor.allocate(value.dtype(), value.shape().toArray())));
        return outputs;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** Everybody once, in turn; another one begins each time. */
    private static final class Round {
        private final Frame frame;
        private final Looker looker;
        private final StopwatchEngine watch;
        private final BarePeer peer;
        private final long pauseNanos;
        private final Median whole = new Median();
        private final Median within = new Median();
        private final Median network = new Median();
        private final Median bare = new Median();

        Round(Frame frame, Looker looker, StopwatchEngine watch, BarePeer peer, long pauseNanos) {
            this.frame = frame;
            this.looker = looker;
            this.watch = watch;
            this.peer = peer;
            this.pauseNanos = pauseNanos;
        }

        void repeat(double seconds) throws OrtException {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            for (int turn = 0; System.nanoTime() < end || turn < LEAST; turn++) {
                switch (ORDER[turn % ORDER.length]) {
                    case 0 -> look();
                    case 1 -> network.time(watch::again);
                    default -> runBare();
                }
                LockSupport.parkNanos(pauseNanos);
            }
        }

        private void look() {
            watch.takeMillis();
            whole.time(() -> looker.look(frame));
            within.add(watch.takeMillis());
        }

        private void runBare() throws OrtException {
            long begin = System.nanoTime();
            peer.run();
            bare.add((System.nanoTime() - begin) / 1e6);
        }

        void forget() {
            whole.clear();
            within.clear();
            network.clear();
            bare.clear();
        }
    }
}
