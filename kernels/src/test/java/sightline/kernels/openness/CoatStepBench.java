package sightline.kernels.openness;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import sightline.kernels.cuda.Card;
import sightline.kernels.cuda.CoatTrainer;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.NetworkProfile;
import sightline.kernels.cuda.Storage;
import sightline.kernels.grad.Fp8Activations;
import sightline.kernels.grad.TwoPhase;
import sightline.kernels.graph.Graph;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.Schedule;
import sightline.kernels.train.TrainableNetwork;

/**
 * What a training step of a transformer of Sana-600M's shape (28 blocks of linear attention, 1024 tokens, 300 of text)
 * takes with COAT, optimiser and all, on the first GPU: bytes and milliseconds. Arguments: {@code planned} or {@code
 * measured}, width (1152 is Sana's), batch, steps, storages (by default MIXED). {@code planned} needs no GPU, prints the
 * bytes alone, and those of AdamW in float32 beside them. {@code learns} with the same arguments trains on {@link
 * LatentFlow} as it is measured, and beside it with exact activations and products of float32.
 */
public final class CoatStepBench {
    private static final int GRID = 32;
    private static final int KERNELS_SHOWN = 12;
    private static final int FIRST_STEPS = 2;
    private static final int TEXT = 300;
    private static final int TEXT_WIDTH = 2304;
    private static final int SHOWN = 20;
    private static final int WARM_UP = 10;
    private static final double RATE = 1e-4;

    private CoatStepBench() {}

    public static void main(String[] arguments) {
        int width = Integer.parseInt(arguments[1]);
        int batch = Integer.parseInt(arguments[2]);
        Graph graph = new LinearTransformer(28, width, 16, TEXT_WIDTH, TEXT, GRID).graph(batch, GRID, GRID);
        TrainableNetwork exact = TrainableNetwork.of(graph);
        TrainableNetwork coat = exact.withFp8Activations(Fp8Activations.Extent.LEAST);
        switch (arguments[0]) {
            case "planned" -> {
                kept("AdamW in float32", width, batch, exact);
                NetworkProfile.planned(exact.joint(), Storage.FLOAT32).print(System.out, Card.H100, KERNELS_SHOWN);
                kept("COAT", width, batch, coat);
                NetworkProfile.plannedTraining(coat.joint(), Storage.MIXED).print(System.out, Card.H100, KERNELS_SHOWN);
            }
            case "learns" -> learns(graph, exact, coat, batch, Integer.parseInt(arguments[3]));
            case "measured" -> {
                kept("COAT", width, batch, coat);
                String[] storages = arguments.length > 4
                        ? Arrays.copyOfRange(arguments, 4, arguments.length)
                        : new String[] {"MIXED"};
                measure(graph, coat, Integer.parseInt(arguments[3]), storages);
            }
            default -> throw new IllegalArgumentException(arguments[0] + ": planned, measured or learns");
        }
    }

    private static void measure(Graph graph, TrainableNetwork coat, int steps, String[] storages) {
        for (String storage : storages) {
            try (CudaDevice device = CudaDevice.open(0)) {
                System.out.printf("%n%s, products of %s%n", device.facts(), storage);
                train(device, graph, coat, Storage.valueOf(storage), steps);
            }
        }
    }

    private static void learns(Graph graph, TrainableNetwork exact, TrainableNetwork coat, int batch, int steps) {
        double[] float32 = learn(graph, exact, Storage.FLOAT32, batch, steps);
        double[] mixed = learn(graph, coat, Storage.MIXED, batch, steps);
        for (int from = 0; from + SHOWN <= steps; from += SHOWN) {
            System.out.printf(
                    Locale.ROOT,
                    "steps %4d to %4d: loss %.5f with float32 and exact activations, %.5f as measured%n",
                    from,
                    from + SHOWN - 1,
                    mean(float32, from),
                    mean(mixed, from));
        }
    }

    private static double[] learn(Graph graph, TrainableNetwork network, Storage storage, int batch, int steps) {
        var flow = new LatentFlow(batch, GRID, TEXT * TEXT_WIDTH, 3);
        var schedule = new Schedule(RATE, RATE / 10, WARM_UP, steps);
        double[] losses = new double[steps];
        try (CudaDevice device = CudaDevice.open(0);
                CoatTrainer trainer = CoatTrainer.open(
                        device, storage, network, TrainableNetwork.parameters(graph, 11), CoatTransformerBench.BETAS)) {
            CoatTransformerBench.readAllText(trainer.input("mask"));
            for (int step = 0; step < steps; step++) {
                flow.draw(trainer::input);
                losses[step] = flow.loss(trainer.forward().get("velocity"), trainer.cotangent("velocity"));
                trainer.backward(schedule.at(step));
            }
        }
        return losses;
    }

    private static double mean(double[] losses, int from) {
        return Arrays.stream(losses, from, from + SHOWN).average().orElseThrow();
    }

    private static void kept(String what, int width, int batch, TrainableNetwork network) {
        System.out.printf(
                Locale.ROOT,
                "%n%s, width %d, batch %d: %,d bytes kept for the backward half%n",
                what,
                width,
                batch,
                TwoPhase.of(network.joint()).savedBytes());
    }

    private static void train(CudaDevice device, Graph graph, TrainableNetwork network, Storage storage, int steps) {
        Parameters parameters = TrainableNetwork.parameters(graph, 11);
        try (CoatTrainer trainer = CoatTrainer.open(device, storage, network, parameters, CoatTransformerBench.BETAS)) {
            System.out.printf(
                    Locale.ROOT,
                    "%,d parameters, %d MiB on the device in all%n",
                    parameters.count(),
                    device.bytesHeld() >> 20);
            fill(trainer);
            double[] taken = new double[steps];
            for (int step = -FIRST_STEPS; step < steps; step++) {
                long start = System.nanoTime();
                Tensor velocity = trainer.forward().get("velocity");
                long forward = System.nanoTime();
                trainer.backward(1e-5);
                long end = System.nanoTime();
                System.out.printf(
                        Locale.ROOT,
                        "step %d: forward %.1f ms, backward and update %.1f ms; velocity%s finite%n",
                        step,
                        (forward - start) / 1e6,
                        (end - forward) / 1e6,
                        finite(velocity) ? "" : " not");
                if (step >= 0) {
                    taken[step] = (end - start) / 1e6;
                }
            }
            Arrays.sort(taken);
            System.out.printf(
                    Locale.ROOT,
                    "median of %d steps %.1f ms, %d MiB on the device%n",
                    steps,
                    taken[steps / 2],
                    trainer.deviceBytes() >> 20);
            trainer.profile().print(System.out, Card.H200, KERNELS_SHOWN);
        }
    }

    private static void fill(CoatTrainer trainer) {
        var random = new SplittableRandom(3);
        for (String name : new String[] {"latent", "time", "text"}) {
            draw(trainer.input(name), random, 1);
        }
        CoatTransformerBench.readAllText(trainer.input("mask"));
        Tensor cotangent = trainer.cotangent("velocity");
        draw(cotangent, random, 1.0 / cotangent.size());
    }

    private static void draw(Tensor tensor, SplittableRandom random, double scale) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, scale * random.nextGaussian());
        }
    }

    private static boolean finite(Tensor values) {
        double sum = 0;
        for (long i = 0; i < values.size(); i++) {
            sum += values.get(i);
        }
        return Double.isFinite(sum);
    }
}
