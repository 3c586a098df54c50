package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.Betas;
import sightline.kernels.train.CoatAdamW;
import sightline.kernels.train.NetworkGradient;
import sightline.kernels.train.Optimizer;
import sightline.kernels.train.OptimizerState;
import sightline.kernels.train.Parameter;
import sightline.kernels.train.Parameters;
import sightline.kernels.train.TrainableNetwork;

/** COAT's optimiser on the device beside the one on the host. The same tests on whatever device a subclass has. */
abstract class CoatTrainerCases {
    private static final int STEPS = 5;
    private static final double RATE = 1e-2;
    private static final Betas BETAS = new Betas(0.9, 0.999, 1e-8, 0.05);

    abstract CudaDevice device();

    /** Groups that are full, that are not, and parameters with and without decay. */
    private static Graph network() {
        GraphBuilder g = GraphBuilder.named("step");
        Value x = g.input("x", Shape.of(2, 20, 5, 6));
        Value hidden = g.silu(g.in("up").conv2d(x, Conv.of(37, 1).biased()));
        g.output("y", g.in("down").conv2d(hidden, Conv.of(6, 3).biased()));
        return g.build();
    }

    /** Products large enough for mixed precision to round their operands in memory, parameters included. */
    private static Graph wide() {
        GraphBuilder g = GraphBuilder.named("wide step");
        Value x = g.input("x", Shape.of(2, 96, 8, 13));
        Value hidden = g.silu(g.in("up").conv2d(x, Conv.of(104, 1).biased()));
        g.output("y", g.in("down").conv2d(hidden, Conv.of(97, 1).biased()));
        return g.build();
    }

    private static void draw(Tensor tensor, SplittableRandom random) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, random.nextGaussian());
        }
    }

    private static List<Float> learned(Parameters parameters) {
        List<Float> all = new ArrayList<>();
        for (Parameter p : parameters.list()) {
            for (float value : p.values()) {
                all.add(value);
            }
        }
        return all;
    }

    @Test
    void parametersMoveAsTheHostsOptimiserMovesThem() {
        Graph graph = network();
        TrainableNetwork network = TrainableNetwork.of(graph);
        Parameters there = TrainableNetwork.parameters(graph, 3);
        Parameters here = there.copy();
        List<Float> start = learned(there);
        Optimizer optimizer = new CoatAdamW(here, BETAS);
        var random = new SplittableRandom(9);
        var again = new SplittableRandom(9);
        try (CoatTrainer trainer = CoatTrainer.open(device(), Storage.FLOAT32, network, there, BETAS);
                var gradient = new NetworkGradient(new CudaEngine(device(), Storage.FLOAT32), network, 1)) {
            for (int step = 0; step < STEPS; step++) {
                draw(trainer.input("x"), random);
                draw(gradient.input("x"), again);
                float[] made = trainer.forward().get("y").toFloats();
                float[] wanted = gradient.forward(here).get("y").toFloats();
                assertThat(EightBitsCases.distance(made, wanted))
                        .as("outputs of step " + step)
                        .isLessThan(1e-2);
                draw(trainer.cotangent("y"), random);
                draw(gradient.cotangent("y"), again);
                trainer.backward(RATE);
                optimizer.step(gradient.backward(Map.of()).gradients(), RATE);
            }
            trainer.read(there);
        }
        List<Float> got = learned(there);
        List<Float> wanted = learned(here);
        int apart = 0;
        for (int i = 0; i < got.size(); i++) {
            // A moment that another last bit rounds to the next code is an eighth away, and a step moves by about RATE.
            assertThat(Math.abs(got.get(i) - wanted.get(i))).isLessThan((float) (STEPS * RATE / 4));
            apart += Math.abs(got.get(i) - wanted.get(i)) > RATE * 1e-3 ? 1 : 0;
            assertThat(got.get(i)).isNotEqualTo(start.get(i));
        }
        assertThat(apart).as("parameters that a rounding moved").isLessThan(got.size() / 50);
    }

    private float[] steps(CoatTrainer trainer, SplittableRandom random, int count) {
        float[] last = {};
        for (int step = 0; step < count; step++) {
            draw(trainer.input("x"), random);
            last = trainer.forward().get("y").toFloats();
            draw(trainer.cotangent("y"), random);
            trainer.backward(RATE);
        }
        return last;
    }

    /** In mixed precision the rounded copies of parameters, too, are those of the state. */
    @ParameterizedTest
    @EnumSource(
            value = Storage.class,
            names = {"FLOAT32", "MIXED"})
    void trainingGoesOnFromAStateAsIfItHadNeverStopped(Storage storage) {
        Graph graph = storage == Storage.MIXED ? wide() : network();
        TrainableNetwork network = TrainableNetwork.of(graph);
        Parameters unbroken = TrainableNetwork.parameters(graph, 3);
        Parameters broken = unbroken.copy();
        float[] wanted;
        try (CoatTrainer trainer = CoatTrainer.open(device(), storage, network, unbroken, BETAS)) {
            wanted = steps(trainer, new SplittableRandom(9), STEPS);
            trainer.read(unbroken);
        }
        OptimizerState state;
        var random = new SplittableRandom(9);
        try (CoatTrainer trainer = CoatTrainer.open(device(), storage, network, broken, BETAS)) {
            steps(trainer, random, 2);
            state = trainer.state();
            trainer.read(broken);
        }
        try (CoatTrainer trainer = CoatTrainer.open(device(), storage, network, broken, BETAS)) {
            trainer.restore(state);
            assertThat(steps(trainer, random, STEPS - 2)).containsExactly(wanted);
            trainer.read(broken);
        }
        assertThat(learned(broken)).isEqualTo(learned(unbroken));
    }

    @Test
    void aStateIsTheHostsOptimisersAsWell() {
        Graph graph = network();
        TrainableNetwork network = TrainableNetwork.of(graph);
        Parameters parameters = TrainableNetwork.parameters(graph, 3);
        try (CoatTrainer trainer = CoatTrainer.open(device(), Storage.FLOAT32, network, parameters, BETAS)) {
            steps(trainer, new SplittableRandom(9), 2);
            OptimizerState state = trainer.state();
            Optimizer host = new CoatAdamW(parameters, BETAS);
            host.restore(state);
            assertThat(host.steps()).isEqualTo(2);
            trainer.restore(host.state());
            OptimizerState again = trainer.state();
            assertThat(again.bytes()).usingRecursiveComparison().isEqualTo(state.bytes());
            assertThat(again.floats()).usingRecursiveComparison().isEqualTo(state.floats());
        }
    }

    @Test
    void parametersAreNotRoundedAgainForEachProduct() {
        Graph joint = TrainableNetwork.of(wide()).joint();
        List<String> kernels = NetworkProfile.plannedTraining(joint, Storage.MIXED).launches().stream()
                .map(LaunchTime::kernel)
                .toList();
        assertThat(kernels).filteredOn(k -> k.startsWith("product_wide")).hasSizeGreaterThan(3);
        // The input and the cotangent, or their gradients, but no filters.
        assertThat(kernels).filteredOn(k -> k.equals("to_bfloat16")).hasSizeLessThan(3);
    }
}
