package sightline.kernels.openness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sightline.kernels.grad.TwoPhase;
import sightline.kernels.graph.Graph;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.AdamW;
import sightline.kernels.train.Betas;
import sightline.kernels.train.CoatAdamW;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Optimizer;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.Schedule;
import sightline.kernels.train.TrainableNetwork;

/**
 * COAT against float32 on a transformer of Sana-600M's shape (28 blocks of linear attention) at a width that a CPU trains:
 * flow matching of latents that a few numbers describe. Arguments: steps, width. Prints the two losses side by side, what
 * the optimiser keeps, and what the backward half is given.
 */
public final class CoatTransformerBench {
    static final Betas BETAS = new Betas(0.9, 0.999, 1e-8, 0.01);
    private static final int BATCH = 4;
    private static final int GRID = 8;
    private static final int TEXT = 8;
    private static final int TEXT_WIDTH = 32;
    private static final int SHOWN = 20;

    private CoatTransformerBench() {}

    public static void main(String[] arguments) {
        int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        int width = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 64;
        Graph graph = new LinearTransformer(28, width, 2, TEXT_WIDTH, TEXT, GRID).graph(BATCH, GRID, GRID);
        TrainableNetwork exact = TrainableNetwork.of(graph);
        TrainableNetwork kept = exact.withFp8Activations();
        List<Double> plain = run(graph, exact, steps, false);
        List<Double> coat = run(graph, kept, steps, true);
        for (int from = 0; from + SHOWN <= steps; from += SHOWN) {
            System.out.printf(
                    Locale.ROOT,
                    "steps %4d to %4d: loss %.5f in float32, %.5f with COAT%n",
                    from,
                    from + SHOWN - 1,
                    mean(plain, from),
                    mean(coat, from));
        }
        double saved = TwoPhase.of(exact.joint()).savedBytes() / 2.0;
        System.out.printf(
                Locale.ROOT,
                "activations kept: %,.0f bytes in bfloat16, %,d with COAT%n",
                saved,
                TwoPhase.of(kept.joint()).savedBytes());
    }

    private static List<Double> run(Graph graph, TrainableNetwork network, int steps, boolean coat) {
        Parameters parameters = TrainableNetwork.parameters(graph, 11);
        Optimizer optimizer = optimizer(parameters, coat);
        var schedule = new Schedule(1e-3, 1e-5, 10, steps);
        List<Double> losses = new ArrayList<>();
        try (var gradient = new NetworkGradient(new OnnxEngine(), network, 1)) {
            readAllText(gradient.input("mask"));
            var flow = new LatentFlow(BATCH, GRID, TEXT * TEXT_WIDTH, 3);
            for (int step = 0; step < steps; step++) {
                losses.add(step(gradient, parameters, optimizer, schedule.at(step), flow));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %,d parameters, optimiser state %,d bytes%n",
                coat ? "COAT" : "float32",
                parameters.count(),
                optimizer.stateBytes());
        return losses;
    }

    private static Optimizer optimizer(Parameters parameters, boolean coat) {
        return coat ? new CoatAdamW(parameters, BETAS) : new AdamW(parameters, BETAS);
    }

    /** No token of the text is masked. */
    static void readAllText(Tensor mask) {
        for (long i = 0; i < mask.size(); i++) {
            mask.set(i, 1);
        }
    }

    private static double step(
            NetworkGradient gradient, Parameters parameters, Optimizer optimizer, double rate, LatentFlow flow) {
        flow.draw(gradient::input);
        Tensor velocity = gradient.forward(parameters).get("velocity");
        double loss = flow.loss(velocity, gradient.cotangent("velocity"));
        Map<String, float[]> gradients =
                new LinkedHashMap<>(gradient.backward(Map.of()).gradients());
        optimizer.step(gradients, rate);
        return loss;
    }

    private static double mean(List<Double> losses, int from) {
        return losses.subList(from, from + SHOWN).stream()
                .mapToDouble(x -> x)
                .average()
                .orElseThrow();
    }
}
