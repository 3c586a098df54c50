package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.config.domain.Pixels;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.train.TrainableNetwork;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.vision.TestPicture;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/** A run that stops on its way: a training step for the loss, a network for what is to be looked for in its maps. */
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

    private static final Placement FRAMING = Placement.fit(53, 31, 32, 24);
    private static final Set<String> SOUGHT = Set.of("sought");
    private static final int ROWS = 7;

    /** Peaks of two maps; where asked, places that tags point to as well. */
    private static Graph looking(int pictures, boolean searching) {
        GraphBuilder g = GraphBuilder.named("looking");
        Value x = g.input("x", Shape.of(pictures, 3, 24, 32));
        Value fine = g.in("fine").conv2d(x, Conv.of(2, 3).stride(2));
        Value coarse = g.in("coarse").conv2d(fine, Conv.of(4, 3).stride(2));
        g.output("peaks", g.find(new Finding.Peaks(0.1f, 30), List.of(coarse, fine)));
        if (searching) {
            Value sought = g.input("sought", Shape.of(ROWS, Finding.Summits.SOUGHT));
            g.output("summits", g.find(new Finding.Summits(), List.of(coarse, fine, sought)));
        }
        return g.build();
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void whatIsSoughtLaterIsFoundInMapsThatStayed(Storage storage) {
        Graph graph = looking(2, true);
        Weights weights = RandomWeights.of(graph, 1);
        try (CudaDevice device = EmulatedDriver.device()) {
            CudaEngine engine = new CudaEngine(device, storage);
            try (Session whole = engine.compile(graph, weights);
                    SplitSession split = engine.compileSplit(graph, weights, CompileOptions.DEFAULT, SOUGHT)
                            .orElseThrow()) {
                for (long seed = 1; seed <= 2; seed++) {
                    Map<String, Tensor> inputs = new HashMap<>(drawn(graph, seed));
                    fill(split, inputs, Set.of("x"));
                    assertThat(split.begin().get("peaks").toFloats())
                            .containsExactly(whole.run(inputs).get("peaks").toFloats());
                    for (long again = 3; again <= 5; again++) {
                        inputs.put("sought", sought(again, 2));
                        fill(split, inputs, SOUGHT);
                        assertThat(split.finish().get("summits").toFloats())
                                .containsExactly(
                                        whole.run(inputs).get("summits").toFloats());
                    }
                }
            }
        }
    }

    /** Rows of a picture's number, a map's and a tag; some of neither. */
    private static Tensor sought(long seed, int pictures) {
        SplittableRandom random = new SplittableRandom(seed);
        Tensor sought = Tensor.allocate(DType.F32, ROWS, Finding.Summits.SOUGHT);
        for (int i = 0; i < ROWS; i++) {
            sought.set(3L * i, random.nextInt(-1, pictures));
            sought.set(3L * i + 1, random.nextInt(-1, 2));
            sought.set(3L * i + 2, random.nextGaussian());
        }
        return sought;
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void inEachPictureOfABatchIsFoundWhatIsFoundInItAlone(Storage storage) {
        int count = 3;
        Graph graph = looking(count, true);
        Weights weights = RandomWeights.of(graph, 1);
        List<Pixels> pictures = IntStream.range(0, count)
                .<Pixels>mapToObj(i -> TestPicture.random(53, 31, i))
                .toList();
        Tensor sought = sought(1, count);
        try (CudaDevice device = EmulatedDriver.device()) {
            CudaEngine engine = new CudaEngine(device, storage);
            try (SplitSession together = engine.compileSplit(graph, weights, CompileOptions.DEFAULT, SOUGHT)
                            .orElseThrow();
                    SplitSession alone = engine.compileSplit(looking(1, true), weights, CompileOptions.DEFAULT, SOUGHT)
                            .orElseThrow()) {
                float[] peaks = peaks(together, pictures);
                fill(together, Map.of("sought", sought), SOUGHT);
                float[] summits = together.finish().get("summits").toFloats();
                int each = peaks.length / count;
                for (int i = 0; i < count; i++) {
                    assertThat(peaks(alone, pictures.subList(i, i + 1)))
                            .containsExactly(Arrays.copyOfRange(peaks, i * each, (i + 1) * each));
                    fill(alone, Map.of("sought", inPicture(sought, i)), SOUGHT);
                    float[] there = alone.finish().get("summits").toFloats();
                    for (int row = 0; row < ROWS; row++) {
                        if (sought.get(3L * row) == i) {
                            int at = row * Finding.Summits.ROW;
                            assertThat(Arrays.copyOfRange(summits, at, at + Finding.Summits.ROW))
                                    .containsExactly(Arrays.copyOfRange(there, at, at + Finding.Summits.ROW));
                        }
                    }
                }
            }
        }
    }

    /** The same rows for a session that has that picture alone, as its first. */
    private static Tensor inPicture(Tensor sought, int picture) {
        Tensor alone = Tensor.allocate(DType.F32, sought.shape());
        for (long i = 0; i < sought.size(); i++) {
            alone.set(i, i % 3 == 0 ? (sought.get(i) == picture ? 0 : -1) : sought.get(i));
        }
        return alone;
    }

    @Test
    void itBeginsOnPictures() {
        Graph graph = looking(1, true);
        Weights weights = RandomWeights.of(graph, 1);
        List<Pixels> picture = List.of(TestPicture.random(53, 31, 1));
        try (CudaDevice device = EmulatedDriver.device()) {
            CudaEngine engine = new CudaEngine(device, Storage.FLOAT16);
            try (Session alone = engine.compile(looking(1, false), weights);
                    SplitSession split = engine.compileSplit(graph, weights, CompileOptions.DEFAULT, SOUGHT)
                            .orElseThrow()) {
                float[] wanted = peaks(alone, picture);
                assertThat(peaks(split, picture)).containsExactly(wanted);
                fill(split, Map.of("sought", sought(1, 1)), SOUGHT);
                split.finish();
                assertThat(peaks(split, picture)).containsExactly(wanted);
            }
        }
    }

    private static float[] peaks(Session session, List<Pixels> pictures) {
        return session.runPictures(pictures, FRAMING, Resampling.LINEAR, Normalisation.IMAGENET)
                .orElseThrow()
                .get("peaks")
                .toFloats();
    }
}
