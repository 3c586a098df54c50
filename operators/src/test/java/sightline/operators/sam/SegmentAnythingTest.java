package sightline.operators.sam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sightline.config.domain.Box;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.config.domain.Mask;
import sightline.config.domain.Masks;
import sightline.config.domain.ObjectClass;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.kernels.weights.WeightsException;
import sightline.operators.data.TestData;
import sightline.operators.perception.BatchingEngine;
import sightline.operators.perception.Perceiver;

/** The whole operator on random weights, at a small input and grid; the network itself has a second opinion elsewhere. */
class SegmentAnythingTest {
    private static final int SIDE = 64;
    private static final int GRID = 8;
    private static final Frame FRAME = TestData.noise(120, 80, 7);

    private static Weights weights;
    private static SegmentAnything sam;

    @BeforeAll
    static void compile() {
        weights = weights();
        sam = new SegmentAnything(new OnnxEngine(), Sam.L0, weights, CompileOptions.DEFAULT, SIDE, GRID);
        sam.look(FRAME);
    }

    @AfterAll
    static void close() {
        sam.close();
    }

    private static Weights weights() {
        Map<String, Tensor> all = new HashMap<>();
        Graph encoder = ImageEncoder.graph(Sam.L0, Shape.of(1, 3, SIDE, SIDE), GRID);
        Graph decoder = MaskDecoder.graph(Sam.L0, GRID, 1, 2, true);
        for (Weights part : List.of(RandomWeights.of(encoder, 1), RandomWeights.of(decoder, 2))) {
            part.names().forEach(name -> all.put(name, part.find(name).orElseThrow()));
        }
        return Weights.of(all);
    }

    /** Prompts live in a frame of 1024 pixels although the picture was looked at with another size. */
    @Test
    void promptsAreScaledToTheFrameOf1024() {
        Graph graph = MaskDecoder.graph(Sam.L0, GRID, 1, 2, false);
        Graph seen = ImageEncoder.graph(Sam.L0, Shape.of(1, 3, SIDE, SIDE), GRID);
        assertThat(new PromptFrame(120, 80).placement(SIDE).height()).isEqualTo(43);
        try (Session decoder = new OnnxEngine().compile(graph, weights, CompileOptions.DEFAULT.lenient());
                Session encoder = new OnnxEngine().compile(seen, weights, CompileOptions.DEFAULT.lenient())) {
            Tensor image = Tensor.allocate(sightline.kernels.tensor.DType.F32, 1, 3, SIDE, SIDE);
            var transform = new sightline.kernels.vision.ImageToTensor(
                    new sightline.kernels.vision.Placement(120, 80, 64, 43, 64, 64),
                    sightline.kernels.vision.Resampling.TRIANGLE,
                    sightline.kernels.vision.Normalisation.IMAGENET);
            transform.write(FRAME.pixels(), image.data(), 0);
            double scale = 1024.0 / 120;
            // 80 rows become int(682.67 + 0.5) = 683 rows of the frame.
            Tensor coordinates =
                    Tensor.of(new double[] {12 * scale, 20 * 683 / 80.0, 72 * scale, 60 * 683 / 80.0}, 1, 2, 2);
            Tensor kinds = Tensor.of(new float[] {0, 0, 1, 0, 0, 0, 0, 0, 1, 0}, 1, 2, 5);
            Map<String, Tensor> out = decoder.run(Map.of(
                    "embedding", encoder.run(image),
                    "coordinates", coordinates.to(sightline.kernels.tensor.DType.F32, java.lang.foreign.Arena.ofAuto()),
                    "kinds", kinds));
            Answer answer = sam.answer(List.of(Prompt.around(new Box(12, 20, 60, 40))))
                    .getFirst()
                    .getFirst();
            assertThat(answer.quality()).isCloseTo(out.get("quality").get(0), within(1e-5));
            for (int i = 0; i < answer.logits().length; i++) {
                assertThat((double) answer.logits()[i])
                        .isCloseTo(out.get("masks").get(i), within(1e-4));
            }
        }
    }

    @Test
    void manyPromptsOfAnyKindAreAnsweredAsEachAlone() {
        Answer earlier = sam.answer(List.of(Prompt.at(30, 30))).getFirst().get(1);
        List<Prompt> prompts = new ArrayList<>(List.of(
                Prompt.around(new Box(5, 5, 40, 50)),
                Prompt.at(60, 40),
                Prompt.around(new Box(50, 10, 60, 60)).refining(earlier),
                Prompt.at(10, 70),
                new Prompt(
                        List.of(new Prompt.Point(30, 20, true), new Prompt.Point(90, 60, false)),
                        Optional.of(new Box(20, 10, 50, 50)),
                        Optional.empty()),
                Prompt.at(100, 20)));
        List<List<Answer>> together = sam.answer(prompts);
        for (int i = 0; i < prompts.size(); i++) {
            List<Answer> alone = sam.answer(List.of(prompts.get(i))).getFirst();
            for (int a = 0; a < 4; a++) {
                assertThat(together.get(i).get(a).quality())
                        .isCloseTo(alone.get(a).quality(), within(1e-4));
                assertThat(together.get(i).get(a).logits())
                        .usingComparatorWithPrecision(1e-3f)
                        .containsExactly(alone.get(a).logits());
            }
        }
    }

    @Test
    void everyDetectionGetsAMaskOfItsOwn() {
        List<Detection> found = List.of(
                new Detection(ObjectClass.PERSON, 0.9, new Box(10, 10, 30, 60), Optional.empty()),
                new Detection(ObjectClass.CAR, 0.8, new Box(50, 30, 60, 40), Optional.empty()));
        List<Mask> masks = perceive(found);
        assertThat(masks).extracting(m -> m.thing().orElseThrow()).isEqualTo(found);
        assertThat(masks).allSatisfy(m -> {
            assertThat(m.x() + m.width()).isLessThanOrEqualTo(120);
            assertThat(m.y() + m.height()).isLessThanOrEqualTo(80);
        });
        assertThat(perceive(List.of())).isEmpty();
    }

    @Test
    void whatTheDetectorsEngineOffersTheCutterOffers() {
        BatchingEngine engine = new BatchingEngine(new OnnxEngine());
        SegmentAnything own = new SegmentAnything(engine, Sam.L0, weights, CompileOptions.DEFAULT, SIDE, GRID);
        try (MaskCutter cutter = MaskCutter.of(fixed(List.of(), engine), own)) {
            assertThat(cutter.batch()).isEqualTo(1);
            assertThat(cutter.decodes()).isFalse();
            engine.pays(16);
            engine.decodes(true);
            assertThat(cutter.batch()).isEqualTo(16);
            assertThat(cutter.decodes()).isTrue();
        }
    }

    private static Perceiver<Detections> fixed(List<Detection> found, Engine engine) {
        return new Perceiver<>() {
            @Override
            public Identity identity() {
                return new Identity("fixed", "0", "none");
            }

            @Override
            public List<Detections> perceive(List<Frame> frames) {
                return frames.stream()
                        .map(f -> new Detections(f.header(), found, "0"))
                        .toList();
            }

            @Override
            public int batch() {
                return engine.batch();
            }

            @Override
            public boolean decodes() {
                return engine.decodes();
            }

            @Override
            public void close() {}
        };
    }

    private static List<Mask> perceive(List<Detection> found) {
        SegmentAnything own =
                new SegmentAnything(new OnnxEngine(), Sam.L0, weights, CompileOptions.DEFAULT, SIDE, GRID);
        try (MaskCutter cutter = MaskCutter.of(fixed(found, new OnnxEngine()), own)) {
            Masks masks = cutter.perceive(List.of(FRAME)).getFirst();
            assertThat(masks.model()).isEqualTo(cutter.identity().digest());
            return masks.masks();
        }
    }

    @Test
    void everythingComesInFallingOrderOfQuality() {
        List<Mask> masks = new AutomaticMasks(4, -100, 0, 0.7).of(sam);
        assertThat(masks).isNotEmpty();
        assertThat(masks).isSortedAccordingTo(java.util.Comparator.comparingDouble((Mask m) -> -m.quality()));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10000, 10", "10, 10000"})
    void strangePicturesAreCutWithinTheirBounds(int width, int height) {
        try {
            sam.look(TestData.noise(width, height, 3));
            Mask mask = sam.cut(List.of(Prompt.around(new Box(0, 0, width, height))))
                    .getFirst();
            assertThat(mask.x() + mask.width()).isBetween(0, width);
            assertThat(mask.y() + mask.height()).isBetween(0, height);
        } finally {
            sam.look(FRAME);
        }
    }

    @Test
    void askingBeforeLookingIsRefused() {
        try (SegmentAnything blind =
                new SegmentAnything(new OnnxEngine(), Sam.L0, weights, CompileOptions.DEFAULT, SIDE, GRID)) {
            assertThatThrownBy(() -> blind.cut(List.of(Prompt.at(1, 1)))).hasMessageContaining("no picture");
        }
    }

    @Test
    void weightsOfAnotherSizeAreRefusedByName() {
        try (SegmentAnything other =
                new SegmentAnything(new OnnxEngine(), Sam.L1, weights, CompileOptions.DEFAULT, SIDE, GRID)) {
            assertThatThrownBy(() -> other.look(FRAME))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("missing: image_encoder.backbone");
        }
    }
}
