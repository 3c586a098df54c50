package sightline.operators.perception;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Frame;
import sightline.config.domain.Pixels;
import sightline.kernels.engine.ForwardingSession;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Shape;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.Weights;
import sightline.operators.pool.Picture;
import sightline.operators.pool.StillFrame;

/** Who makes a tensor of a picture: the engine where it can, else this. */
class BucketTest {
    private static final Framing WIDE = Placement.fit(16, 8, 8, 8);
    private static final Framing TALL = Placement.fit(8, 16, 8, 8);

    private final List<Integer> shown = new ArrayList<>();
    private boolean takesPictures = true;

    /** Takes pictures if it is told to, and answers minus one for each. */
    private final class Device extends ForwardingSession {
        Device(Session inner) {
            super(inner);
        }

        @Override
        public Optional<Map<String, Tensor>> runPictures(
                List<Pixels> pictures, Framing framing, Resampling resampling, Normalisation normalisation) {
            if (!takesPictures) {
                return Optional.empty();
            }
            shown.add(pictures.size());
            Tensor y = Tensor.allocate(graph().output("y").dtype(), 2, 3, 8, 8);
            for (long i = 0; i < y.size(); i++) {
                y.set(i, -1);
            }
            return Optional.of(Map.of("y", y));
        }
    }

    private Bucket bucket() {
        var device = new Device(new ReferenceEngine().compile(Squares.graph(Shape.of(2, 3, 8, 8)), Weights.none()));
        return new Bucket(device, Networks.Recipe.DEFAULT, 1);
    }

    private static Frame frame(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new java.util.Random(width).nextBytes(rgb);
        return StillFrame.of(new Picture(width, height, rgb));
    }

    @Test
    void picturesOfOneSizeGoToAnEngineThatTakesThem() {
        try (Bucket bucket = bucket()) {
            float[] y = bucket.run(List.of(frame(16, 8), frame(16, 8)), List.of(WIDE, WIDE))
                    .get("y");
            assertThat(shown).containsExactly(2);
            assertThat(y).containsOnly(-1f);
        }
    }

    @Test
    void picturesOfTwoSizesAreMadeTensorsHere() {
        try (Bucket bucket = bucket()) {
            float[] y = bucket.run(List.of(frame(16, 8), frame(8, 16)), List.of(WIDE, TALL))
                    .get("y");
            assertThat(shown).isEmpty();
            assertThat(y[0]).isPositive();
        }
    }

    @Test
    void anEngineThatTakesNoneIsGivenTensors() {
        takesPictures = false;
        try (Bucket bucket = bucket()) {
            assertThat(bucket.run(List.of(frame(16, 8)), List.of(WIDE)).get("y")[0])
                    .isPositive();
        }
    }

    @Test
    void theMirrorImageIsThatOfThePicturesThatWentToTheDevice() {
        List<Frame> frames = List.of(frame(16, 8));
        List<Framing> framings = List.of(WIDE);
        try (Bucket onDevice = bucket();
                Bucket here = bucket()) {
            onDevice.run(frames, framings);
            float[] mirrored = onDevice.runMirrored(frames, framings).get("y").clone();
            takesPictures = false;
            float[] straight = here.run(frames, framings).get("y").clone();
            assertThat(here.runMirrored(frames, framings).get("y")).containsExactly(mirrored);
            assertThat(mirrored[7]).isEqualTo(straight[0]);
        }
    }
}
