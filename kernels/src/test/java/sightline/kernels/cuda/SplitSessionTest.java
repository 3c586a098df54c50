package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.TrainableNetwork;
import sightline.kernels.weights.Weights;

/** A training step that stops for the loss, on the emulated device. */
class SplitSessionTest {
    private static Graph joint() {
        GraphBuilder g = GraphBuilder.named("step");
        Value x = g.input("x", Shape.of(2, 3, 6, 8));
        Value a = g.relu6(g.in("n").batchNorm(g.in("a").conv2d(x, Conv.of(8, 3).stride(2)), 1e-5));
        g.output("near", a);
        g.output("far", g.in("b").conv2d(a, Conv.of(4, 1)));
        return TrainableNetwork.of(g.build()).joint();
    }

    private static Map<String, Tensor> drawn(Graph graph, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Tensor> inputs = new HashMap<>();
        graph.inputs().forEach((name, value) -> {
            Tensor tensor = Tensor.allocate(value.dtype(), value.shape().toArray());
            for (long i = 0; i < tensor.size(); i++) {
                tensor.set(i, random.nextGaussian());
            }
            inputs.put(name, tensor);
        });
        return inputs;
    }

    private static Set<String> late(Graph graph) {
        return graph.inputs().keySet().stream()
                .filter(name -> name.startsWith(Gradients.COTANGENT))
                .collect(Collectors.toSet());
    }

    private static void fill(SplitSession split, Map<String, Tensor> from, Set<String> names) {
        names.forEach(name -> {
            for (long i = 0; i < from.get(name).size(); i++) {
                split.input(name).set(i, from.get(name).get(i));
            }
        });
    }

    @Test
    void twoHalvesMakeTheSameAsOneRun() {
        Graph graph = joint();
        Set<String> late = late(graph);
        try (CudaDevice device = EmulatedDriver.device()) {
            CudaEngine engine = new CudaEngine(device, Storage.FLOAT32);
            try (Session whole = engine.compile(graph, Weights.none(), CompileOptions.DEFAULT);
                    SplitSession split = engine.compileSplit(graph, Weights.none(), CompileOptions.DEFAULT, late)
                            .orElseThrow()) {
                for (long seed = 1; seed <= 2; seed++) {
                    Map<String, Tensor> inputs = drawn(graph, seed);
                    Map<String, Tensor> wanted = whole.run(inputs);
                    Set<String> early = new java.util.HashSet<>(inputs.keySet());
                    early.removeAll(late);
                    fill(split, inputs, early);
                    Map<String, Tensor> half = split.begin();
                    for (String name : Set.of("near", "far", "statistic/n.running_mean")) {
                        assertThat(half.get(name).toFloats())
                                .containsExactly(wanted.get(name).toFloats());
                    }
                    fill(split, inputs, late);
                    split.finish().forEach((name, tensor) -> assertThat(tensor.toFloats())
                            .as(name)
                            .containsExactly(wanted.get(name).toFloats()));
                }
            }
        }
    }
}
