package sightline.operators.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter.Labels;
import sightline.operators.efficientvit.Variant;
import sightline.operators.pool.Picture;

class StreetAgreementTest {
    private static final int SIDE = 64;

    private static Weights weights(long seed) {
        Graph graph = EfficientVit.segmentation(Variant.B0, Labels.CITYSCAPES, Shape.of(1, 3, SIDE, SIDE));
        return RandomWeights.of(graph, seed);
    }

    private static Picture noise() {
        byte[] rgb = new byte[3 * 48 * 40];
        new java.util.Random(4).nextBytes(rgb);
        return new Picture(48, 40, rgb);
    }

    @Test
    void aSegmenterAgreesWithItselfAndNotWithAnother() {
        Weights one = weights(1);
        try (var same = new StreetAgreement(new OnnxEngine(), one, one, SIDE, 1);
                var other = new StreetAgreement(new OnnxEngine(), weights(2), one, SIDE, 1)) {
            same.add(noise());
            other.add(noise());
            assertThat(same.agreement()).isEqualTo(1);
            assertThat(other.agreement()).isLessThan(1);
            assertThat(other.table()).contains("the teacher and its mirror image: ");
        }
    }

    @Test
    void aPictureMirroredTwiceIsItself() {
        Picture picture = noise();
        Picture mirrored = picture.mirrored();
        assertThat(mirrored.rgb()[0]).isEqualTo(picture.rgb()[3 * 47]);
        assertThat(mirrored.mirrored().rgb()).containsExactly(picture.rgb());
    }
}
