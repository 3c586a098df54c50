package sightline.kernels.bench;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.onnx.OnnxExport;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/**
 * The ONNX engine against a bare ONNX Runtime session on the file that the same graph exports to. Rounds alternate
 * between the two in one process, so that both meet the same load; medians are compared. Inputs and outputs must be
 * float32.
 */
public final class EngineComparison {
    private EngineComparison() {}

    /**
     * One measurement. Medians are what a user feels; the fastest runs are what a loaded machine cannot distort.
     *
     * @param engineMillis median of a run through our session
     * @param bareMillis median of a run of the bare session
     * @param fastestEngineMillis fastest run through our session
     * @param fastestBareMillis fastest run of the bare session
     * @param startMillis time to compile our session
     */
    public record Row(
            String graph,
            int threads,
            double engineMillis,
            double bareMillis,
            double fastestEngineMillis,
            double fastestBareMillis,
            double startMillis) {
        /** Ratio of the medians; below 1 our session is the faster one. */
        public double ratio() {
            return engineMillis / bareMillis;
        }

        /** Ratio of the fastest runs. */
        public double fastestRatio() {
            return fastestEngineMillis / fastestBareMillis;
        }

        /** The table's head for {@link #toString}. */
        public static String head() {
            return "%-32s %7s %10s %10s %7s %10s %10s %7s %9s"
                    .formatted(
                            "graph",
                            "threads",
                            "median ms",
                            "bare ms",
                            "ratio",
                            "min ms",
                            "bare ms",
                            "ratio",
                            "start ms");
        }

        @Override
        public String toString() {
            return "%-32s %7d %10.3f %10.3f %7.3f %10.3f %10.3f %7.3f %9.1f"
                    .formatted(
                            graph,
                            threads,
                            engineMillis,
                            bareMillis,
                            ratio(),
                            fastestEngineMillis,
                            fastestBareMillis,
                            fastestRatio(),
                            startMillis);
        }
    }

    /** Measures for {@code seconds} after a warm-up of a fifth of that. */
    public static Row measure(Graph graph, Weights weights, Map<String, Tensor> inputs, int threads, double seconds) {
        Path file = null;
        long begin = System.nanoTime();
        try (Session session = new OnnxEngine()
                .compile(
                        graph,
                        weights,
                        CompileOptions.DEFAULT.withThreads(threads).lenient())) {
            double start = (System.nanoTime() - begin) / 1e6;
            file = Files.createTempFile("sightline-bench", ".onnx");
            OnnxExport.write(graph, weights, file);
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            graph.outputs()
                    .forEach((name, value) -> outputs.put(
                            name, Tensor.allocate(value.dtype(), value.shape().toArray())));
            try (BarePeer bare = new BarePeer(file, graph, inputs, outputs, threads, false)) {
                alternate(session, bare, inputs, seconds / 5, new ArrayList<>(), new ArrayList<>());
                List<Double> ours = new ArrayList<>();
                List<Double> theirs = new ArrayList<>();
                alternate(session, bare, inputs, seconds, ours, theirs);
                return new Row(
                        graph.name(),
                        threads,
                        median(ours),
                        median(theirs),
                        Collections.min(ours),
                        Collections.min(theirs),
                        start);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (OrtException failure) {
            throw new EngineException("The bare session failed: " + failure.getMessage(), failure);
        } finally {
            if (file != null) {
                delete(file);
            }
        }
    }

    private static void alternate(
            Session session,
            BarePeer bare,
            Map<String, Tensor> inputs,
            double seconds,
            List<Double> ours,
            List<Double> theirs)
            throws OrtException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end || ours.size() < 3) {
            long t0 = System.nanoTime();
            session.run(inputs);
            long t1 = System.nanoTime();
            bare.run();
            long t2 = System.nanoTime();
            ours.add((t1 - t0) / 1e6);
            theirs.add((t2 - t1) / 1e6);
        }
    }

    private static double median(List<Double> values) {
        Collections.sort(values);
        return values.get(values.size() / 2);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".data"));
        } catch (IOException ignored) {
            // A temporary file that stays behind spoils no measurement.
            file.toFile().deleteOnExit();
        }
    }
}
