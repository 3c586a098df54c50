package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sightline.kernels.engine.Session;
import sightline.kernels.weights.Weights;

/** Pictures that nobody decodes before the device does, with an nvJPEG of the test's own. */
class CompressedPicturesTest {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    @RegisterExtension
    static final FakeNvJpeg DECODER = new FakeNvJpeg();

    private static Session doubling() {
        return DEVICE.engine(Storage.FLOAT32).compile(Compressed.doubling(), Weights.none());
    }

    private static void assertSame(float[] got, float[] wanted, int pictures) {
        int floats = pictures * 3 * 20 * 24;
        assertThat(Arrays.copyOf(got, floats)).containsExactly(Arrays.copyOf(wanted, floats));
    }

    @Test
    void theEngineSaysThatItDecodes() {
        assertThat(DEVICE.engine(Storage.FLOAT16).decodes()).isTrue();
    }

    @Test
    void aBatchOfSeveralCamerasIsDecodedOnTheDeviceAlone() {
        List<Compressed> pictures = List.of(new Compressed(1), new Compressed(2), new Compressed(3));
        try (Session session = doubling()) {
            float[] wanted = Compressed.wanted(session, pictures).clone();
            assertSame(Compressed.run(session, pictures), wanted, 3);
            assertThat(pictures).allSatisfy(p -> assertThat(p.decoded()).isZero());
        }
    }

    @Test
    void onePictureThatNvJpegCannotDecodeIsDecodedByItsOwner() {
        List<Compressed> pictures = List.of(new Compressed(1), new Compressed(2).cutShort(), new Compressed(3));
        try (Session session = doubling()) {
            float[] wanted = Compressed.wanted(session, pictures).clone();
            assertSame(Compressed.run(session, pictures), wanted, 3);
            assertThat(pictures.stream().map(Compressed::decoded)).containsExactly(0, 1, 0);
        }
    }

    @Test
    void onePictureThatNobodyCanDecodeFailsItsBatchAndNotTheSession() {
        List<Compressed> good = List.of(new Compressed(1), new Compressed(3));
        try (Session session = doubling()) {
            assertThatThrownBy(() -> Compressed.run(session, List.of(new Compressed(1), new Compressed(2).broken())))
                    .hasMessageContaining("broken for everybody");
            float[] wanted = Compressed.wanted(session, good).clone();
            assertSame(Compressed.run(session, good), wanted, 2);
        }
    }
}
