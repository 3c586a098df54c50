package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.config.domain.Pixels;
import sightline.kernels.cuda.driver.CudaFailure;
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

    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    private static CudaSession doubling(int batch, int height, int width) {
        return DEVICE.engine(Storage.FLOAT32).compile(graph(batch, height, width), Weights.none());
    }

    private static Graph graph(int batch, int height, int width) {
        GraphBuilder g = GraphBuilder.named("doubling");
        Value x = g.input("x", Shape.of(batch, 3, height, width));
        g.output("y", g.add(x, x));
        return g.build();
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
            long before = DEVICE.get().bytesHeld();
            try (CudaPictures feed = CudaPictures.open(session, FRAMING, Resampling.LINEAR, Normalisation.IMAGENET)) {
                assertThat(DEVICE.get().bytesHeld()).isGreaterThan(before);
                feed.run(List.of(noise(1)));
            }
            assertThat(DEVICE.get().bytesHeld()).isEqualTo(before);
        }
    }

    @Test
    void whatWasTakenGoesBackWhereTheRestDoesNotFit() {
        long session;
        try (CudaSession whole = doubling(1, 20, 24)) {
            session = whole.deviceBytes();
        }
        // Room for the network and the pixels of a picture, not for the resampling tables.
        try (CudaDevice small = EmulatedDriver.device(session + 3 * 53 * 31 + 100);
                CudaSession network =
                        new CudaEngine(small, Storage.FLOAT32).compile(graph(1, 20, 24), Weights.none())) {
            long before = small.bytesHeld();
            assertThatThrownBy(() -> CudaPictures.open(network, FRAMING, Resampling.LINEAR, Normalisation.IMAGENET))
                    .isInstanceOfSatisfying(CudaFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(CudaFailure.Kind.OVER_QUOTA));
            assertThat(small.bytesHeld()).isEqualTo(before);
            assertThat(network.runPictures(List.of(noise(1)), FRAMING, Resampling.LINEAR, Normalisation.IMAGENET))
                    .as("the caller is left to make the tensor itself")
                    .isEmpty();
        }
    }

    @Test
    void aSessionTakesPicturesOfAFewSizesAndForgetsTheOldest() {
        try (CudaSession session = doubling(1, 20, 24)) {
            Tensor first = session.runPictures(List.of(noise(1)), FRAMING, Resampling.LINEAR, Normalisation.IMAGENET)
                    .orElseThrow()
                    .get("y");
            float[] wanted = first.toFloats();
            long one = DEVICE.get().bytesHeld();
            for (int width = 60; width < 70; width++) {
                Placement other = Placement.fit(width, 31, 24, 20);
                Pixels picture = TestPicture.random(width, 31, width);
                assertThat(session.runPictures(List.of(picture), other, Resampling.LINEAR, Normalisation.IMAGENET))
                        .isPresent();
            }
            assertThat(DEVICE.get().bytesHeld() - one).isLessThan(4 * 3 * 70 * 31 + 4 * 4096);
            assertThat(session.runPictures(List.of(noise(1)), FRAMING, Resampling.LINEAR, Normalisation.IMAGENET)
                            .orElseThrow()
                            .get("y")
                            .toFloats())
                    .containsExactly(wanted);
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
