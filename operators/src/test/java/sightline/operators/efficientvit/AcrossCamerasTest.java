package sightline.operators.efficientvit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Frame;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.operators.data.TestData;
import sightline.operators.perception.BatchingEngine;
import sightline.operators.perception.Perceiver;

/** Frames of several cameras, seen in few runs where an engine gains from that. */
class AcrossCamerasTest {
    private static final int SIDE = 64;

    private final BatchingEngine engine = new BatchingEngine(new OnnxEngine());
    private final Shape image = Shape.of(1, 3, SIDE, SIDE);

    /** Of two sizes, so that neighbours are not of one batch. */
    private final List<Frame> frames = IntStream.range(0, 6)
            .mapToObj(i -> TestData.noise(i % 3 == 0 ? 2 * SIDE : SIDE, SIDE, i))
            .toList();

    @Test
    void eachFrameHasTheLabelsThatItHasAlone() {
        Weights weights =
                RandomWeights.of(EfficientVit.segmentation(Variant.B0, Segmenter.Labels.CITYSCAPES, image), 5);
        eachFrameShowsWhatItShowsAlone(() -> new Segmenter(
                engine, Variant.B0, Segmenter.Labels.CITYSCAPES, weights, SIDE, SIDE, CompileOptions.DEFAULT));
    }

    @Test
    void eachFrameHasTheBoxesThatItHasAlone() {
        Weights weights = RandomWeights.of(EfficientVit.detection(Variant.B0, image), 5);
        BoxDecoder decoder = new BoxDecoder(0.4, 0.6, 20);
        eachFrameShowsWhatItShowsAlone(
                () -> new Detector(engine, Variant.B0, weights, SIDE, decoder, CompileOptions.DEFAULT));
    }

    private <T> void eachFrameShowsWhatItShowsAlone(Supplier<? extends Perceiver<T>> open) {
        try (Perceiver<T> perceiver = open.get()) {
            assertThat(perceiver.decodes()).isFalse();
            List<T> alone = frames.stream()
                    .map(f -> perceiver.perceive(List.of(f)).getFirst())
                    .toList();
            assertThat(engine.compiled()).containsOnly(1);
            assertThat(alone.stream().distinct()).hasSize(frames.size());
            engine.pays(32);
            assertThat(perceiver.batch()).isEqualTo(32);
            assertThat(perceiver.perceive(frames))
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(alone);
            assertThat(engine.compiled()).contains(4);
            engine.decodes(true);
            assertThat(perceiver.decodes()).isTrue();
        }
    }
}
