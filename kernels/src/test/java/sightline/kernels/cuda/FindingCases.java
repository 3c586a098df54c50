package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/** Maps in which a device must find what the reference engine finds in them, number by number. */
abstract class FindingCases {
    private static final String FOUND = "found";
    private static final int PICTURES = 3;
    private static final int CLASSES = 6;
    private static final int[] STRIDES = {8, 16, 32};

    abstract CudaEngine engine(Storage storage);

    static Stream<Case> cases() {
        return Stream.concat(boxes(), peaks());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inMapsThatAreGiven(Case c) {
        inGivenMaps(engine(Storage.FLOAT32), c);
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void inMapsThatALayerMakes(Storage storage) {
        Stream.of(boxes().limit(4), peaks().limit(1), peaks().skip(7).limit(1))
                .flatMap(cases -> cases)
                .forEach(c -> inMadeMaps(engine(storage), c));
    }

    /** One operand: its shape, and how an element of a picture comes of chance. */
    record Maps(Shape shape, ToDoubleBiFunction<SplittableRandom, Integer> element) {
        Maps(Shape shape, ToDoubleFunction<SplittableRandom> element) {
            this(shape, (random, picture) -> element.applyAsDouble(random));
        }
    }

    record Case(String name, Finding op, List<Maps> maps) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> boxes() {
        ToDoubleFunction<SplittableRandom> normal = SplittableRandom::nextGaussian;
        ToDoubleFunction<SplittableRandom> usual = r -> 0.8 * r.nextGaussian() + 1;
        return Stream.of(
                boxes("a few boxes", looking(2.3, 1000, 100), 12, normal, usual),
                boxes("no box at all", looking(30, 1000, 100), 4, normal, usual),
                boxes("more boxes than wanted", looking(0, 1000, 7), 12, normal, usual),
                boxes("more boxes than are looked at", looking(-1, 50, 50), 12, normal, usual),
                boxes("more boxes than are sorted", looking(-9, 1000, 100), 20, normal, usual),
                boxes("every box of a large map", looking(-9, 1000, 100), 40, normal, usual),
                boxes("few different logits", looking(0, 1000, 100), 12, r -> r.nextInt(-1, 3), usual),
                boxes("equal logits, more than are sorted", looking(0, 300, 100), 24, r -> 1, usual),
                boxes(
                        "zeros of both signs",
                        looking(-1, 400, 100),
                        12,
                        r -> r.nextInt(4) > 0 ? -2 : r.nextBoolean() ? 0.0 : -0.0,
                        usual),
                boxes("strange logits", looking(1, 1000, 100), 12, r -> strange(r, 30, 1), usual),
                boxes("strange distances", looking(1.5, 1000, 100), 12, normal, r -> strange(r, 20, 4)),
                boxes("boxes beyond the picture", looking(1, 1000, 100), 12, normal, r -> 3 + r.nextDouble()),
                mixed());
    }

    /** One picture has no box, one a few, and one more than are sorted. */
    private static Case mixed() {
        Case alike = boxes("pictures of many kinds", looking(3, 1000, 100), 20, r -> 0, r -> r.nextGaussian() + 1);
        List<Maps> maps = new ArrayList<>(alike.maps());
        for (int i = 0; i < maps.size(); i += 2) {
            maps.set(
                    i,
                    new Maps(maps.get(i).shape(), (r, picture) -> (picture + 1) * r.nextGaussian() + 2 * picture - 2));
        }
        return new Case(alike.name(), alike.op(), maps);
    }

    private static Finding.Boxes looking(double least, int candidates, int most) {
        return new Finding.Boxes(List.of(8, 16, 32), 6, (float) least, 0.6, candidates, most);
    }

    private static double strange(SplittableRandom random, int seldom, double deviation) {
        return switch (random.nextInt(seldom)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            default -> deviation * random.nextGaussian();
        };
    }

    private static Case boxes(
            String name,
            Finding.Boxes op,
            int cells,
            ToDoubleFunction<SplittableRandom> logit,
            ToDoubleFunction<SplittableRandom> distance) {
        List<Maps> maps = new ArrayList<>();
        for (int stride : STRIDES) {
            int height = 8 * cells / stride;
            maps.add(new Maps(Shape.of(PICTURES, CLASSES, height, height + 1), logit));
            maps.add(new Maps(Shape.of(PICTURES, 4, height, height + 1), distance));
        }
        return new Case(name, op, maps);
    }

    private static Stream<Case> peaks() {
        ToDoubleFunction<SplittableRandom> normal = SplittableRandom::nextGaussian;
        return Stream.of(
                peaks("many peaks", 2, 14, 12, 9, r -> r.nextGaussian() / 3),
                peaks("fewer peaks than wanted", 2, 5, 8, 8, r -> r.nextInt(40) == 0 ? 1 : 0),
                peaks("no peak at all", 3, 9, 5, 7, r -> -r.nextDouble()),
                peaks("equal heat", 2, 3, 12, 16, r -> r.nextInt(2)),
                peaks("a plateau", 1, 2, 17, 16, r -> 1),
                peaks("a map of one cell", 2, 2, 1, 1, r -> r.nextDouble()),
                peaks("heat that is no number", 2, 8, 10, 10, r -> strange(r, 60, 0.5)),
                summits("places of tags", 2, 14, 12, 9, normal),
                summits("places in many pictures", 7, 3, 9, 10, normal),
                summits("places among equals", 2, 3, 12, 16, r -> r.nextInt(2)),
                summits("places where heat is no number", 2, 4, 10, 10, r -> strange(r, 40, 0.5)));
    }

    private static Case peaks(
            String name, int pictures, int maps, int height, int width, ToDoubleFunction<SplittableRandom> heat) {
        return new Case(name, new Finding.Peaks(0.1f, 30), pyramid(pictures, maps, height, width, heat));
    }

    private static Case summits(
            String name, int pictures, int maps, int height, int width, ToDoubleFunction<SplittableRandom> heat) {
        List<Maps> all = new ArrayList<>(pyramid(pictures, maps, height, width, heat));
        // Numbers of pictures and maps and tags share one source: mostly pictures, else from -1 to beyond the last map.
        all.add(new Maps(
                Shape.of(40, Finding.Summits.SOUGHT),
                r -> r.nextInt(3) > 0 ? r.nextInt(pictures) : r.nextInt(-1, maps + 1)));
        return new Case(name, new Finding.Summits(), all);
    }

    private static List<Maps> pyramid(
            int pictures, int maps, int height, int width, ToDoubleFunction<SplittableRandom> heat) {
        return List.of(
                new Maps(Shape.of(pictures, 2 * maps, height, width), heat),
                new Maps(Shape.of(pictures, maps, 2 * height, 2 * width), heat));
    }

    /** Finds in maps that come as they are, two runs of one session. */
    private static void inGivenMaps(Engine engine, Case c) {
        Graph graph = graph(c, (g, i) -> g.input("map" + i, c.maps().get(i).shape()), false);
        Weights none = RandomWeights.of(graph, 1);
        try (Session tested = engine.compile(graph, none)) {
            for (int seed = 1; seed <= 2; seed++) {
                Map<String, Tensor> inputs = inputs(graph, c, seed);
                assertSame(exactly(c, inputs), tested.run(inputs).get(FOUND));
            }
        }
    }

    /** Finds in maps that a layer makes, which a device may keep as it likes. */
    private static void inMadeMaps(Engine engine, Case c) {
        Graph graph = graph(
                c,
                (g, i) -> {
                    Shape shape = c.maps().get(i).shape();
                    if (shape.rank() != 4) {
                        return g.input("x" + i, shape);
                    }
                    Value x = g.input("x" + i, shape.with(1, 16));
                    return g.in(i).conv2d(x, Conv.of((int) shape.size(1), 1).biased());
                },
                true);
        try (Session tested = engine.compile(graph, RandomWeights.of(graph, 3))) {
            Map<String, Tensor> got = new HashMap<>(tested.run(inputs(graph, c, 1)));
            Tensor found = got.remove(FOUND);
            assertSame(exactly(c, got), found);
        }
    }

    private static Graph graph(Case c, BiFunction<GraphBuilder, Integer, Value> map, boolean showing) {
        GraphBuilder g = GraphBuilder.named(c.name());
        List<Value> maps = new ArrayList<>();
        for (int i = 0; i < c.maps().size(); i++) {
            maps.add(map.apply(g, i));
            if (showing) {
                g.output("map" + i, maps.get(i));
            }
        }
        g.output(FOUND, g.find(c.op(), maps));
        return g.build();
    }

    private static Map<String, Tensor> inputs(Graph graph, Case c, long seed) {
        Map<String, Tensor> inputs = new HashMap<>();
        graph.inputs().forEach((name, value) -> {
            int map = Integer.parseInt(name.replaceAll("\\D", ""));
            SplittableRandom random = new SplittableRandom(seed * 31 + map);
            Tensor tensor = Tensor.allocate(value.dtype(), value.shape().toArray());
            for (long i = 0; i < tensor.size(); i++) {
                int picture = (int) (i / (tensor.size() / tensor.dim(0)));
                tensor.set(i, c.maps().get(map).element().applyAsDouble(random, picture));
            }
            inputs.put(name, tensor);
        });
        return inputs;
    }

    private static Tensor exactly(Case c, Map<String, Tensor> maps) {
        Graph graph = graph(c, (g, i) -> g.input("map" + i, c.maps().get(i).shape()), false);
        try (Session exact = new ReferenceEngine().compile(graph, RandomWeights.of(graph, 1))) {
            return exact.run(maps).get(FOUND);
        }
    }

    private static void assertSame(Tensor wanted, Tensor got) {
        assertThat(got.toFloats()).containsExactly(wanted.toFloats());
    }
}
