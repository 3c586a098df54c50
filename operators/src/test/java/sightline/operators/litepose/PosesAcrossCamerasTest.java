package sightline.operators.litepose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.config.domain.Frame;
import sightline.config.domain.Poses;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.weights.RandomWeights;
import sightline.operators.data.TestData;
import sightline.operators.perception.BatchingEngine;

/** People in frames of several cameras, seen in few runs where an engine gains from that. */
class PosesAcrossCamerasTest {
    private static final int SIDE = 64;

    static Stream<Arguments> engines() {
        return Stream.of(
                Arguments.of(new ReferenceEngine(), false),
                Arguments.of(new OnnxEngine(), false),
                Arguments.of(new OnnxEngine(), true));
    }

    @ParameterizedTest(name = "{0}, flipping: {1}")
    @MethodSource("engines")
    void eachFrameShowsThePeopleThatItShowsAlone(Engine inner, boolean flipping) {
        BatchingEngine engine = new BatchingEngine(inner);
        var weights = RandomWeights.of(LitePose.graph(Size.XS, Skeleton.CROWDPOSE_14, Shape.of(1, 3, SIDE, SIDE)), 5);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            // Two sizes of picture, so that neighbours are not of one batch.
            frames.add(TestData.noise(i % 3 == 0 ? 2 * SIDE : SIDE, SIDE, i));
        }
        try (Poser straight =
                new Poser(engine, Size.XS, Skeleton.CROWDPOSE_14, weights, SIDE, 0, CompileOptions.DEFAULT)) {
            Poser poser = flipping ? straight.flipping() : straight;
            List<Poses> alone = frames.stream()
                    .map(f -> poser.perceive(List.of(f)).getFirst())
                    .toList();
            assertThat(engine.compiled()).containsOnly(1);
            assertThat(alone).as("something to find").allSatisfy(p -> assertThat(p.poses())
                    .isNotEmpty());
            engine.pays(32);
            assertThat(poser.batch()).isEqualTo(32);
            assertThat(poser.perceive(frames)).isEqualTo(alone);
            assertThat(engine.compiled()).contains(4);
            assertThat(poser.decodes()).isFalse();
            engine.decodes(true);
            assertThat(poser.decodes()).isTrue();
        }
    }
}
