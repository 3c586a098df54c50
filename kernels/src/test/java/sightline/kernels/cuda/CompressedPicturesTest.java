package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sightline.config.domain.Pixels;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.Weights;

/** Pictures that nobody decodes before the device does, with an nvJPEG of the test's own. */
class CompressedPicturesTest {
    private static final Placement FRAMING = Compressed.FRAMING;

    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    @BeforeAll
    static void build() {
        Compressed.build();
    }

    @AfterAll
    static void forget() {
        Compressed.forget();
    }

    private static Session doubling() {
        GraphBuilder g = GraphBuilder.named("doubling");
        Value x = g.input("x", Shape.of(4, 3, 20, 24));
        g.output("y", g.add(x, x));
        return DEVICE.engine(Storage.FLOAT32).compile(g.build(), Weights.none());
    }

    private static float[] run(Session session, List<? extends Pixels> pictures) {
        return session.runPictures(
                        pictures.stream().map(Pixels.class::cast).toList(),
                        FRAMING,
                        Resampling.LINEAR,
                        Normalisation.IMAGENET)
                .orElseThrow()
                .get("y")
                .toFloats();
    }

    /** What the same pictures give where they are decoded before. */
    private static float[] wanted(Session session, List<Compressed> pictures) {
        return run(session, pictures.stream().map(Compressed::picture).toList());
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
            float[] wanted = wanted(session, pictures).clone();
            assertSame(run(session, pictures), wanted, 3);
            assertThat(pictures).allSatisfy(p -> assertThat(p.decoded()).isZero());
        }
    }

    @Test
    void onePictureThatNvJpegCannotDecodeIsDecodedByItsOwner() {
        List<Compressed> pictures = List.of(new Compressed(1), new Compressed(2).cutShort(), new Compressed(3));
        try (Session session = doubling()) {
            float[] wanted = wanted(session, pictures).clone();
            assertSame(run(session, pictures), wanted, 3);
            assertThat(pictures.stream().map(Compressed::decoded)).containsExactly(0, 1, 0);
        }
    }

    @Test
    void onePictureThatNobodyCanDecodeFailsItsBatchAndNotTheSession() {
        List<Compressed> good = List.of(new Compressed(1), new Compressed(3));
        try (Session session = doubling()) {
            assertThatThrownBy(() -> run(session, List.of(new Compressed(1), new Compressed(2).broken())))
                    .hasMessageContaining("broken for everybody");
            float[] wanted = wanted(session, good).clone();
            assertSame(run(session, good), wanted, 2);
        }
    }
}
