package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.config.domain.Pixels;
import sightline.kernels.engine.EngineException;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.ImageToTensor;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.vision.TestPicture;
import sightline.kernels.weights.Weights;

/** Pictures that become tensors on the device, beside {@link ImageToTensor}. */
class CudaPicturesTest {
    private static final Placement FRAMING = Placement.fit(53, 31, 24, 20);
    private static CudaDevice device;

    @BeforeAll
    static void open() {
        device = EmulatedDriver.device();
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
        }
    }

    private static CudaSession doubling(int batch, int height, int width) {
        GraphBuilder g = GraphBuilder.named("doubling");
        Value x = g.input("x", Shape.of(batch, 3, height, width));
        g.output("y", g.add(x, x));
        Graph graph = g.build();
        return new CudaEngine(device, Storage.FLOAT32).compile(graph, Weights.none());
    }

    @ParameterizedTest
    @EnumSource(Resampling.class)
    void aBatchOnTheDeviceIsWhatImageToTensorWrites(Resampling resampling) {
        List<Pixels> pictures = List.of(noise(1), noise(2));
        ImageToTensor transform = new ImageToTensor(FRAMING, resampling, Normalisation.IMAGENET);
        Tensor expected = Tensor.allocate(DType.F32, 2, 3, 20, 24);
        for (int i = 0; i < 2; i++) {
            transform.pad(expected.data(), 4 * i * transform.floats(), 0);
            transform.write(pictures.get(i), expected.data(), 4 * i * transform.floats());
        }
        try (CudaSession session = doubling(2, 20, 24);
                CudaPictures feed = CudaPictures.open(session, FRAMING, resampling, Normalisation.IMAGENET)) {
            // Twice: an arena that other values reuse must be filled anew, padding too.
            feed.run(List.of(noise(3)));
            Tensor actual = feed.run(pictures).get("y");
            for (long i = 0; i < expected.size(); i++) {
                assertThat(actual.get(i)).isCloseTo(2 * expected.get(i), within(1e-5));
            }
        }
    }

    @Test
    void itsMemoryGoesBackAndTheSessionStays() {
        try (CudaSession session = doubling(1, 20, 24)) {
            long before = device.bytesHeld();
            try (CudaPictures feed = CudaPictures.open(session, FRAMING, Resampling.LINEAR, Normalisation.IMAGENET)) {
                assertThat(device.bytesHeld()).isGreaterThan(before);
                feed.run(List.of(noise(1)));
            }
            assertThat(device.bytesHeld()).isEqualTo(before);
        }
    }

    @Test
    void aPictureOfAnotherSizeIsRefused() {
        try (CudaSession session = doubling(1, 20, 24);
                CudaPictures feed = CudaPictures.open(session, FRAMING, Resampling.LINEAR, Normalisation.IMAGENET)) {
            assertThatThrownBy(() -> feed.run(List.of(TestPicture.random(52, 31, 1))))
                    .hasMessageContaining("52x31 came where 53x31");
        }
    }

    @Test
    void aNetworkOfAnotherInputIsRefused() {
        try (CudaSession session = doubling(1, 24, 24)) {
            assertThatThrownBy(() -> CudaPictures.open(session, FRAMING, Resampling.LINEAR, Normalisation.IMAGENET))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("24x20");
        }
    }

    @Test
    void withoutNvJpegCompressedPicturesAreRefusedInOneSentence() {
        try (CudaSession session = doubling(1, 20, 24);
                CudaPictures feed = CudaPictures.open(session, FRAMING, Resampling.LINEAR, Normalisation.IMAGENET)) {
            assumeFalse(feed.decodes(), "nvJPEG is on this machine");
            assertThatThrownBy(() -> feed.runJpegs(List.of(ByteBuffer.allocate(4))))
                    .hasMessage("nvJPEG is not on this machine");
        }
    }

    private static Pixels noise(long seed) {
        return TestPicture.random(FRAMING.sourceWidth(), FRAMING.sourceHeight(), seed);
    }
}
