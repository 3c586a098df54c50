package sightline.operators.perception;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sightline.config.domain.Detection;
import sightline.config.domain.Detections;
import sightline.config.domain.Frame;
import sightline.config.domain.Segmentation;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.RandomWeights;
import sightline.operators.data.TestData;
import sightline.operators.efficientvit.BoxDecoder;
import sightline.operators.efficientvit.Detector;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter;
import sightline.operators.efficientvit.Variant;

/** Pictures that no camera should send: they are looked at like any other, and what is found lies within them. A poser refuses strips (FlipTest). */
class StrangePicturesTest {
    private static final Shape INPUT = Shape.of(1, 3, 64, 64);

    private static Frame picture(int width, int height) {
        return TestData.noise(width, height, 1);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10000, 10", "10, 10000", "2, 3"})
    void detectorTakesThem(int width, int height) {
        Graph graph = EfficientVit.detection(Variant.B0, INPUT);
        try (Detector detector = new Detector(
                new OnnxEngine(),
                Variant.B0,
                RandomWeights.of(graph, 1),
                64,
                new BoxDecoder(0.01, 0.6, 50),
                CompileOptions.DEFAULT)) {
            Detections found =
                    detector.perceive(List.of(picture(width, height))).getFirst();
            assertThat(found.detections()).extracting(Detection::box).allSatisfy(box -> {
                assertThat(box.x()).isBetween(0.0, (double) width);
                assertThat(box.bottom()).isBetween(0.0, (double) height);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "10000, 10", "10, 10000", "2, 3"})
    void segmenterTakesThem(int width, int height) {
        Graph graph = EfficientVit.segmentation(Variant.B0, Segmenter.Labels.CITYSCAPES, INPUT);
        try (Segmenter segmenter = new Segmenter(
                new OnnxEngine(),
                Variant.B0,
                Segmenter.Labels.CITYSCAPES,
                RandomWeights.of(graph, 1),
                64,
                64,
                CompileOptions.DEFAULT)) {
            Segmentation map =
                    segmenter.perceive(List.of(picture(width, height))).getFirst();
            assertThat(map.labels()).hasSize(8 * 8);
        }
    }
}
