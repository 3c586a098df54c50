package sightline.operators.litepose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.config.domain.Frame;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Skeleton;
import sightline.kernels.cuda.CudaDevice;
import sightline.kernels.cuda.CudaEngine;
import sightline.kernels.cuda.Storage;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.graph.Shape;
import sightline.kernels.vision.CentredWarp;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.operators.data.TestData;
import sightline.operators.perception.BatchingEngine;

/** People in the pictures of a batch, on the device, are those of each picture. */
@Tag("gpu")
class PosesOnGpuTest {
    private static final int SIDE = 64;
    private static final int COUNT = 4;
    private static final double LEAST_SCORE = 0.1;
    private static final List<Frame> FRAMES =
            IntStream.range(0, COUNT).mapToObj(i -> TestData.noise(80, SIDE, i)).toList();

    private static final Weights WEIGHTS =
            RandomWeights.of(LitePose.graph(Size.XS, Skeleton.CROWDPOSE_14, Shape.of(1, 3, SIDE, SIDE)), 5);

    @ParameterizedTest
    @EnumSource(
            value = Storage.class,
            names = {"FLOAT32", "FLOAT16"})
    void whereAPictureLiesInABatchMakesNoDifference(Storage storage) {
        try (CudaDevice device = CudaDevice.open(0)) {
            anywhere(new CudaEngine(device, storage));
        }
    }

    static void anywhere(Engine engine) {
        CentredWarp warp = new CentredWarp(80, SIDE, 2 * SIDE, SIDE, 1);
        Shape image = Shape.of(COUNT, 3, warp.inputHeight(), warp.inputWidth());
        try (Looker looker = Looker.open(
                        engine,
                        LitePose.looking(Size.XS, Skeleton.CROWDPOSE_14, image),
                        WEIGHTS,
                        CompileOptions.DEFAULT)
                .orElseThrow()) {
            List<List<Pose>> together = people(looker, FRAMES, warp);
            assertThat(together).doesNotContain(List.of());
            for (int i = 0; i < COUNT; i++) {
                assertThat(people(looker, FRAMES.subList(i, i + 1), warp)).containsExactly(together.get(i));
            }
        }
    }

    private static List<List<Pose>> people(Looker looker, List<Frame> frames, CentredWarp warp) {
        return People.of(looker.look(frames, warp).orElseThrow(), frames.size(), warp, LEAST_SCORE);
    }

    /** In half precision other batches may have other kernels, which sum in another order. */
    @Test
    void inSinglePrecisionABatchIsOneByOne() {
        try (CudaDevice device = CudaDevice.open(0)) {
            oneByOne(new BatchingEngine(new CudaEngine(device, Storage.FLOAT32)));
        }
    }

    static void oneByOne(BatchingEngine engine) {
        try (Poser poser =
                new Poser(engine, Size.XS, Skeleton.CROWDPOSE_14, WEIGHTS, SIDE, LEAST_SCORE, CompileOptions.DEFAULT)) {
            List<Poses> alone = FRAMES.stream()
                    .map(f -> poser.perceive(List.of(f)).getFirst())
                    .toList();
            assertThat(alone).allSatisfy(p -> assertThat(p.poses()).isNotEmpty());
            engine.pays(COUNT);
            assertThat(poser.perceive(FRAMES)).isEqualTo(alone);
        }
    }
}
