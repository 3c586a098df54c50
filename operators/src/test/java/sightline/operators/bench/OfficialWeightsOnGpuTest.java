package sightline.operators.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Frame;
import sightline.config.domain.Skeleton;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.Storage;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.vision.Placement;
import sightline.kernels.weights.Checkpoint;
import sightline.operators.data.Likeness;
import sightline.operators.data.TestData;
import sightline.operators.efficientvit.EfficientVit;
import sightline.operators.efficientvit.Segmenter;
import sightline.operators.efficientvit.Variant;
import sightline.operators.litepose.LitePose;
import sightline.operators.litepose.Size;
import sightline.operators.perception.Bucket;
import sightline.operators.perception.Networks;

/**
 * The official weights in float16 on the device, beside our float32 there and what another implementation computed. Trained
 * networks have channels far from zero, which random weights of gain one have not.
 */
@Tag("gpu")
class OfficialWeightsOnGpuTest {
    private static final int CLASSES = 19;
    private static final double RELATIVE = 2e-3;
    private static CudaDevice device;

    @BeforeAll
    static void open() {
        device = CudaDevice.open(0);
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
        }
    }

    @Test
    void streetHasTheSameClasses() throws IOException {
        Function<Shape, Graph> network =
                image -> EfficientVit.segmentation(Variant.B0, Segmenter.Labels.CITYSCAPES, image);
        String weights = "weights/efficientvit_seg_b0_cityscapes.pt";
        Frame street = TestData.frame("golden/city.png");
        float[] half =
                run(network, weights, Storage.FLOAT16, street, 1024, 2048).get(EfficientVit.LOGITS);
        float[] exact =
                run(network, weights, Storage.FLOAT32, street, 1024, 2048).get(EfficientVit.LOGITS);
        float[] golden = TestData.halves("golden/city_b0_logits_f16.npy");
        System.out.printf(
                "seg-b0 official: relative L2 %.2e to float32, classes equal %.3f %% to float32, %.3f %% to the golden%n",
                Likeness.relative(half, exact),
                100 * Likeness.agreement(half, exact, CLASSES),
                100 * Likeness.agreement(half, golden, CLASSES));
        assertThat(Likeness.relative(half, exact)).isLessThanOrEqualTo(RELATIVE);
        assertThat(Likeness.agreement(half, exact, CLASSES)).isGreaterThanOrEqualTo(0.999);
        assertThat(Likeness.agreement(half, golden, CLASSES)).isGreaterThanOrEqualTo(0.999);
    }

    @Test
    void peopleHaveTheSameHeatmaps() throws IOException {
        Function<Shape, Graph> network = image -> LitePose.graph(Size.M, Skeleton.CROWDPOSE_14, image);
        String weights = "weights/litepose_auto_m_crowdpose.pt";
        Frame people = TestData.frame("golden/people_448x704.png");
        Map<String, float[]> half = run(network, weights, Storage.FLOAT16, people, 704, 448);
        Map<String, float[]> exact = run(network, weights, Storage.FLOAT32, people, 704, 448);
        for (String name : List.of(LitePose.COARSE, LitePose.FINE)) {
            System.out.printf(
                    "litepose-m official: relative L2 of %s %.2e to float32%n",
                    name, Likeness.relative(half.get(name), exact.get(name)));
            assertThat(Likeness.relative(half.get(name), exact.get(name))).isLessThanOrEqualTo(RELATIVE);
        }
    }

    private static Map<String, float[]> run(
            Function<Shape, Graph> network, String weights, Storage storage, Frame frame, int height, int width)
            throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(TestData.file(weights));
                Networks networks = new Networks(
                        new CudaEngine(device, storage),
                        network,
                        checkpoint,
                        CompileOptions.DEFAULT,
                        Networks.Recipe.DEFAULT)) {
            Bucket bucket = networks.bucket(1, height, width);
            return Map.copyOf(bucket.run(List.of(frame), List.of(Placement.stretch(width, height, width, height))));
        }
    }
}
