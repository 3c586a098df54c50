package sightline.operators.litepose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.config.domain.Pose;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.vision.CentredWarp;
import sightline.kernels.vision.Placement;
import sightline.kernels.weights.Checkpoint;
import sightline.kernels.weights.RandomWeights;
import sightline.operators.data.TestData;

/** The official flip test: the mirrored picture's maps, mirrored back, left and right joints exchanged, averaged in. */
class FlipTest {
    private static final int SIDE = 64;

    @Test
    void leftAndRightChangePlaces() {
        assertThat(IntStream.range(0, 14).map(Skeleton.CROWDPOSE_14::mirrored))
                .containsExactly(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 12, 13);
        assertThat(IntStream.range(0, 17).map(Skeleton.COCO_17::mirrored))
                .containsExactly(0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15);
    }

    /** A heat map with one peak of a joint, and constant tags. */
    private static float[] maps(int joints, int side, int joint, int x, int y, float tag) {
        float[] maps = new float[2 * joints * side * side];
        maps[(joint * side + y) * side + x] = 1;
        java.util.Arrays.fill(maps, joints * side * side, maps.length, tag);
        return maps;
    }

    @Test
    void mirroredEvidenceLandsOnTheSameJointAndHalves() {
        AssociativeEmbedding decoder = new AssociativeEmbedding(Skeleton.CROWDPOSE_14, SIDE, SIDE, true);
        decoder.see(maps(14, SIDE / 4, 2, 3, 5, 0), new float[14 * SIDE * SIDE / 4], 0);
        double alone = decoder.decode(Placement.stretch(SIDE, SIDE, SIDE, SIDE), 0)
                .getFirst()
                .score();
        // The mirror shows the left elbow as a right one, at the other side.
        decoder.see(maps(14, SIDE / 4, 2, 3, 5, 0), new float[14 * SIDE * SIDE / 4], 0);
        decoder.seeMirrored(maps(14, SIDE / 4, 3, SIDE / 4 - 1 - 3, 5, 0), new float[14 * SIDE * SIDE / 4], 0);
        List<Pose> agreed = decoder.decode(Placement.stretch(SIDE, SIDE, SIDE, SIDE), 0);
        assertThat(agreed).hasSize(1);
        assertThat(agreed.getFirst().score()).isCloseTo(alone, within(1e-6));
        assertThat(agreed.getFirst().keypoints().get(2).score()).isGreaterThan(0.1);
        // Without its mirror image a peak counts half.
        decoder.see(maps(14, SIDE / 4, 2, 3, 5, 0), new float[14 * SIDE * SIDE / 4], 0);
        decoder.seeMirrored(new float[28 * SIDE * SIDE / 16], new float[14 * SIDE * SIDE / 4], 0);
        assertThat(decoder.decode(Placement.stretch(SIDE, SIDE, SIDE, SIDE), 0)
                        .getFirst()
                        .score())
                .isCloseTo(alone / 2, within(1e-6));
    }

    @Test
    void officialWeightsFindTheSamePersonMoreSurely() throws IOException {
        var frame = TestData.frame(OfficialPoser.PEOPLE);
        try (Checkpoint weights = OfficialPoser.weights();
                Poser poser = OfficialPoser.of(weights)) {
            Pose straight = poser.perceive(List.of(frame)).getFirst().poses().getFirst();
            List<Pose> flipped =
                    poser.flipping().perceive(List.of(frame)).getFirst().poses();
            assertThat(flipped).hasSize(1);
            for (int j = 0; j < 14; j++) {
                assertThat(flipped.getFirst().keypoints().get(j).u())
                        .isCloseTo(straight.keypoints().get(j).u(), within(12.0));
                assertThat(flipped.getFirst().keypoints().get(j).v())
                        .isCloseTo(straight.keypoints().get(j).v(), within(12.0));
            }
            // And the buffers are clean afterwards.
            assertThat(poser.perceive(List.of(frame)).getFirst().poses().getFirst())
                    .isEqualTo(straight);
        }
    }

    private static Poser random(int side) {
        var weights = RandomWeights.of(LitePose.graph(Size.XS, Skeleton.COCO_17, Shape.of(1, 3, side, side)), 1);
        return new Poser(new OnnxEngine(), Size.XS, Skeleton.COCO_17, weights, side, 0.1, CompileOptions.DEFAULT);
    }

    /** get_multi_scale_size of the official code, worked out by hand for these pictures. */
    @ParameterizedTest
    @CsvSource({"640, 360, 128, 64", "360, 640, 64, 128", "1, 1, 64, 64", "100, 64, 128, 64", "64, 64, 64, 64"})
    void inputIsTheOfficialSize(int width, int height, int inputWidth, int inputHeight) {
        try (Poser poser = random(64)) {
            CentredWarp warp = poser.place(width, height);
            assertThat(warp.inputWidth()).isEqualTo(inputWidth);
            assertThat(warp.inputHeight()).isEqualTo(inputHeight);
            assertThat(warp.scale()).isCloseTo(64.0 / Math.min(width, height), within(1e-12));
        }
    }

    @Test
    void aStripOfTenThousandByTenIsRefusedBeforeItTakesMemory() {
        try (Poser poser = random(64)) {
            assertThatThrownBy(() -> poser.perceive(List.of(TestData.noise(10_000, 10, 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("10000x10");
            assertThat(poser.perceive(List.of(TestData.noise(1, 1, 1)))).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Skeleton.class)
    void aMirrorOfAMirrorIsTheJointItself(Skeleton skeleton) {
        for (int j = 0; j < skeleton.joints().size(); j++) {
            assertThat(skeleton.mirrored(skeleton.mirrored(j))).isEqualTo(j);
        }
    }
}
