package sightline.operators.timing;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sightline.config.domain.Frame;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/**
 * Convolutions in eight bits against float32, on one picture that also gives the ranges, which flatters the eight bits: time,
 * and how far the outputs are off. A processor without instructions for it (VNNI) gains little.
 */
public final class EightBitBench {
    private EightBitBench() {}

    /**
     * @param data folder with {@code golden/} and {@code weights/}
     * @param only networks whose name contains it
     * @param seconds for each figure
     */
    public static void run(Path data, String only, double seconds, PrintStream out) throws IOException {
        out.printf(
                Locale.ROOT, "%-30s %12s %12s %8s %16s%n", "model", "float32 ms", "8 bit ms", "times", "relative L2");
        for (Subject subject : Subject.all()) {
            if (subject.name().contains(only)) {
                compare(subject, data, seconds, out);
            }
        }
    }

    private static void compare(Subject subject, Path data, double seconds, PrintStream out) throws IOException {
        Frame frame = ModelBench.frame(data.resolve(subject.picture()));
        StopwatchEngine watch = new StopwatchEngine(new OnnxEngine());
        CompileOptions options = CompileOptions.DEFAULT.lenient();
        try (Weights weights = subject.weights().apply(data);
                Looker looker = subject.opening().open(watch, weights, options, data)) {
            looker.look(frame);
            Graph graph = watch.graph();
            Engine eightBit = OnnxEngine.int8(List.of(watch.inputs()));
            try (Session full = new OnnxEngine().compile(graph, watch.weights(), options);
                    Session narrow = eightBit.compile(graph, watch.weights(), options)) {
                Map<String, Tensor> exact = Tensors.copies(full.run(watch.inputs()));
                double error = worst(exact, narrow.run(watch.inputs()));
                Median wide = new Median();
                Median small = new Median();
                long end = System.nanoTime() + (long) (seconds * 2e9);
                while (System.nanoTime() < end || small.count() < 5) {
                    wide.time(() -> full.run(watch.inputs()));
                    small.time(() -> narrow.run(watch.inputs()));
                }
                out.printf(
                        Locale.ROOT,
                        "%-30s %12.2f %12.2f %8.2f %16.4f%n",
                        subject.name(),
                        wide.get(),
                        small.get(),
                        wide.get() / small.get(),
                        error);
            }
        }
    }

    /** Relative L2 of the output that is farthest off. */
    private static double worst(Map<String, Tensor> exact, Map<String, Tensor> actual) {
        double worst = 0;
        for (String name : exact.keySet()) {
            double difference = 0;
            double norm = 0;
            for (long i = 0; i < exact.get(name).size(); i++) {
                double value = exact.get(name).get(i);
                difference += Math.pow(actual.get(name).get(i) - value, 2);
                norm += value * value;
            }
            worst = Math.max(worst, Math.sqrt(difference / norm));
        }
        return worst;
    }
}
