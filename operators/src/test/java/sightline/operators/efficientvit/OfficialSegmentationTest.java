package sightline.operators.efficientvit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Detection;
import sightline.config.domain.Frame;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Segmentation;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.vision.Placement;
import sightline.kernels.weights.Checkpoint;
import sightline.operators.data.Likeness;
import sightline.operators.data.TestData;
import sightline.operators.perception.Bucket;
import sightline.operators.perception.Networks;

/** The official Seg-B0 weights on the street picture, against logits that another implementation computed. */
class OfficialSegmentationTest {
    private static final int CLASSES = 19;

    @Test
    void logitsAgreeWithTheIndependentForward() throws IOException {
        float[] expected = TestData.halves("golden/city_b0_logits_f16.npy");
        Frame frame = TestData.frame("golden/city.png");
        try (Checkpoint weights = Checkpoint.open(TestData.file("weights/efficientvit_seg_b0_cityscapes.pt"));
                Networks networks = new Networks(
                        new OnnxEngine(),
                        image -> EfficientVit.segmentation(Variant.B0, Segmenter.Labels.CITYSCAPES, image),
                        weights,
                        CompileOptions.DEFAULT.withThreads(2),
                        Networks.Recipe.DEFAULT)) {
            Bucket bucket = networks.bucket(1, 1024, 2048);
            Map<String, float[]> out = bucket.run(List.of(frame), List.of(Placement.stretch(2048, 1024, 2048, 1024)));
            float[] logits = out.get(EfficientVit.LOGITS);
            assertThat(logits).hasSameSizeAs(expected);
            double worst = 0;
            for (int i = 0; i < logits.length; i++) {
                worst = Math.max(worst, Math.abs(logits[i] - expected[i]));
            }
            assertThat(worst).as("largest difference of a logit").isLessThanOrEqualTo(0.02);
            assertThat(Likeness.agreement(logits, expected, CLASSES)).isGreaterThanOrEqualTo(0.9995);
        }
    }

    @Test
    void streetHasPeopleAndCarsInIt() throws IOException {
        Frame frame = TestData.frame("golden/city.png");
        try (Checkpoint weights = Checkpoint.open(TestData.file("weights/efficientvit_seg_b0_cityscapes.pt"));
                Segmenter segmenter = new Segmenter(
                        new OnnxEngine(),
                        Variant.B0,
                        Segmenter.Labels.CITYSCAPES,
                        weights,
                        512,
                        1024,
                        CompileOptions.DEFAULT)) {
            Segmentation map = segmenter.perceive(List.of(frame)).getFirst();
            assertThat(map.width()).isEqualTo(128);
            assertThat(map.instances()).extracting(Detection::label).contains(ObjectClass.CAR, ObjectClass.PERSON);
            assertThat(map.model()).isEqualTo(segmenter.identity().digest());
        }
    }
}
