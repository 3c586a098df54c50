package sightline.operators.timing;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import sightline.kernels.grad.TwoPhase;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.TrainableNetwork;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Variant;

/**
 * A training step of Det-B0 on the CPU: forward and backward half on ONNX Runtime, without data, loss and optimiser, with
 * exact activations and with those that COAT keeps in eight bits. Random weights and pictures.
 */
public final class StepBench {
    private static final int[] SIDES = {128, 256, 320, 416};
    private static final long SEED = 7;

    private StepBench() {}

    /**
     * @param batch pictures of a step
     * @param threads of the engine
     * @param seconds for each figure, two steps at least
     */
    public static void run(int batch, int threads, double seconds, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%5s %12s %12s %12s %12s %12s %14s%n",
                "side",
                "activations",
                "forward ms",
                "backward ms",
                "images/s",
                "kept MB",
                "against bf16");
        for (int side : SIDES) {
            Graph graph = EfficientVit.detection(Variant.B0, Shape.of(batch, 3, side, side));
            TrainableNetwork exact = TrainableNetwork.of(graph);
            double sixteen = TwoPhase.of(exact.joint()).savedBytes() / 2.0;
            row(out, side, "exact", graph, exact, batch, threads, seconds, sixteen);
            row(out, side, "fp8", graph, exact.withFp8Activations(), batch, threads, seconds, sixteen);
        }
    }

    private static void row(
            PrintStream out,
            int side,
            String activations,
            Graph graph,
            TrainableNetwork network,
            int batch,
            int threads,
            double seconds,
            double sixteen) {
        Parameters parameters = TrainableNetwork.parameters(graph, SEED);
        var forward = new Median();
        var backward = new Median();
        try (var step = new NetworkGradient(new OnnxEngine(), network, threads)) {
            fill(step.input(EfficientVit.IMAGE), 1);
            network.outputs().forEach(name -> fill(step.cotangent(name), 1e-3));
            long end = 0;
            for (int i = -1; i < 2 || System.nanoTime() < end; i++) {
                if (i == 0) {
                    forward.clear();
                    backward.clear();
                    end = System.nanoTime() + (long) (1e9 * seconds);
                }
                forward.time(() -> step.forward(parameters));
                backward.time(() -> step.backward(Map.of()));
            }
        }
        double all = forward.get() + backward.get();
        long kept = TwoPhase.of(network.joint()).savedBytes();
        out.printf(
                Locale.ROOT,
                "%5d %12s %12.1f %12.1f %12.2f %12.1f %14.3f%n",
                side,
                activations,
                forward.get(),
                backward.get(),
                1e3 * batch / all,
                kept / 1e6,
                kept / sixteen);
    }

    private static void fill(Tensor tensor, double scale) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, (float) (scale * Math.sin(0.37 * i)));
        }
    }
}
