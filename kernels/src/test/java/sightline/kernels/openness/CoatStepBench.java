package sightline.kernels.openness;

import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import sightline.kernels.cuda.Card;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.NetworkProfile;
import sightline.kernels.cuda.Storage;
import sightline.kernels.grad.TwoPhase;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Optimizer;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.TrainableNetwork;

/**
 * What a training step of a transformer of Sana-600M's shape (28 blocks of linear attention, 1024 tokens, 300 of text)
 * takes with AdamW in float32 and with COAT: bytes and milliseconds on the first GPU. Arguments: {@code planned} or
 * {@code measured}, width (1152 is Sana's), batch, steps. {@code planned} needs no GPU and prints the bytes alone.
 */
public final class CoatStepBench {
    private static final int GRID = 32;
    private static final int KERNELS_SHOWN = 12;

    private CoatStepBench() {}

    public static void main(String[] arguments) {
        boolean measured = arguments[0].equals("measured");
        int width = Integer.parseInt(arguments[1]);
        int batch = Integer.parseInt(arguments[2]);
        int steps = measured ? Integer.parseInt(arguments[3]) : 0;
        Graph graph = new LinearTransformer(28, width, 16, 2304, 300, GRID).graph(batch, GRID, GRID);
        TrainableNetwork exact = TrainableNetwork.of(graph);
        for (boolean coat : new boolean[] {false, true}) {
            TrainableNetwork network = coat ? exact.withFp8Activations() : exact;
            System.out.printf(
                    Locale.ROOT,
                    "%n%s, width %d, batch %d: %,d bytes kept for the backward half%n",
                    coat ? "COAT" : "AdamW in float32",
                    width,
                    batch,
                    TwoPhase.of(network.joint()).savedBytes());
            if (!measured) {
                NetworkProfile.planned(network.joint(), Storage.FLOAT32).print(System.out, Card.H100, KERNELS_SHOWN);
                continue;
            }
            try (CudaDevice device = CudaDevice.open(0)) {
                System.out.println(device.facts());
                NetworkProfile.measured(device, network.joint(), Storage.FLOAT32)
                        .print(System.out, Card.H100, KERNELS_SHOWN);
            }
            try (CudaDevice device = CudaDevice.open(0)) {
                train(device, graph, network, coat, steps);
            }
        }
    }

    /** Whole steps as the trainer takes them: parameters to the device, gradients back, the optimiser on the host. */
    private static void train(CudaDevice device, Graph graph, TrainableNetwork network, boolean coat, int steps) {
        Parameters parameters = TrainableNetwork.parameters(graph, 11);
        Optimizer optimizer = CoatTransformerBench.optimizer(parameters, coat);
        try (var gradient = new NetworkGradient(new CudaEngine(device, Storage.FLOAT32), network, 1)) {
            System.out.printf(
                    Locale.ROOT,
                    "%,d parameters, optimiser state %,d bytes, %,d bytes held on the device%n",
                    parameters.count(),
                    optimizer.stateBytes(),
                    device.bytesHeld());
            fill(gradient);
            for (int step = 0; step < steps; step++) {
                long start = System.nanoTime();
                gradient.forward(parameters);
                long forward = System.nanoTime();
                Map<String, float[]> gradients = gradient.backward(Map.of()).gradients();
                long backward = System.nanoTime();
                optimizer.step(gradients, 1e-5);
                System.out.printf(
                        Locale.ROOT,
                        "step %d: forward %d ms, backward %d ms, optimiser %d ms, with their copies; gradients%s finite%n",
                        step,
                        (forward - start) / 1_000_000,
                        (backward - forward) / 1_000_000,
                        (System.nanoTime() - backward) / 1_000_000,
                        gradients.values().stream().allMatch(CoatStepBench::finite) ? "" : " not");
            }
        }
    }

    private static void fill(NetworkGradient gradient) {
        var random = new SplittableRandom(3);
        for (String name : new String[] {"latent", "time", "text"}) {
            draw(gradient.input(name), random, 1);
        }
        CoatTransformerBench.readAllText(gradient);
        Tensor cotangent = gradient.cotangent("velocity");
        draw(cotangent, random, 1.0 / cotangent.size());
    }

    private static void draw(Tensor tensor, SplittableRandom random, double scale) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, scale * random.nextGaussian());
        }
    }

    private static boolean finite(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return Double.isFinite(sum);
    }
}
