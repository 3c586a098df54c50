package sightline.operators.litepose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Frame;
import sightline.config.domain.Pixels;
import sightline.config.domain.Pose;
import sightline.config.domain.Poses;
import sightline.config.domain.Skeleton;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.EngineException;
import sightline.kernels.engine.ForwardingSession;
import sightline.kernels.engine.Session;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Shape;
import sightline.kernels.onnx.OnnxEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.ImageToTensor;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;
import sightline.operators.data.TestData;
import sightline.operators.perception.BatchingEngine;

/** People are the same whether their joints are looked for in maps that came back, or where the network ran. */
class LookerTest {
    private static final int SIDE = 64;

    /** The CPU's engine as one that stops on its way, by running everything twice. */
    private static final class Stopping extends BatchingEngine {
        private final AtomicInteger runs = new AtomicInteger();
        private final List<Integer> batches = new ArrayList<>();
        private int failing;

        Stopping() {
            super(new OnnxEngine());
        }

        @Override
        @SuppressWarnings("MustBeClosedChecker") // whoever compiles closes
        public Optional<SplitSession> compileSplit(
                Graph graph, Weights weights, CompileOptions options, Set<String> late) {
            return Optional.of(new Stopped(compile(graph, weights, options)));
        }

        private final class Stopped extends ForwardingSession implements SplitSession {
            private final Map<String, Tensor> inputs = new HashMap<>();

            Stopped(Session session) {
                super(session);
                session.graph()
                        .inputs()
                        .forEach((name, value) -> inputs.put(
                                name,
                                Tensor.allocate(value.dtype(), value.shape().toArray())));
            }

            @Override
            public Tensor input(String name) {
                return inputs.get(name);
            }

            @Override
            public Map<String, Tensor> begin() {
                return finish();
            }

            @Override
            public Optional<Map<String, Tensor>> runPictures(
                    List<Pixels> pictures, Framing framing, Resampling resampling, Normalisation normalisation) {
                batches.add(pictures.size());
                ImageToTensor transform = new ImageToTensor(framing, resampling, normalisation, 1);
                for (int i = 0; i < pictures.size(); i++) {
                    transform.pad(input(LitePose.IMAGE).data(), 4L * i * transform.floats(), 0);
                    transform.write(pictures.get(i), input(LitePose.IMAGE).data(), 4L * i * transform.floats());
                }
                return Optional.of(begin());
            }

            @Override
            public Map<String, Tensor> finish() {
                if (runs.incrementAndGet() == failing) {
                    throw new EngineException("The device fell off its bus");
                }
                return run(inputs);
            }
        }
    }

    private static Weights weights(long seed) {
        return RandomWeights.of(LitePose.graph(Size.XS, Skeleton.CROWDPOSE_14, Shape.of(1, 3, SIDE, SIDE)), seed);
    }

    private static Poser poser(Engine engine, Weights weights) {
        return new Poser(engine, Size.XS, Skeleton.CROWDPOSE_14, weights, SIDE, 0.02, CompileOptions.DEFAULT);
    }

    private static List<Pose> poses(Poser poser, Frame frame) {
        return poser.perceive(List.of(frame)).getFirst().poses();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void peopleAreThoseOfTheMaps(long seed) {
        Weights weights = weights(seed);
        Stopping stopping = new Stopping();
        try (Poser here = poser(new OnnxEngine(), weights);
                Poser there = poser(stopping, weights)) {
            for (Frame frame : List.of(TestData.noise(80, 64, seed), TestData.noise(64, 120, seed))) {
                List<Pose> wanted = poses(here, frame);
                assertThat(wanted).isNotEmpty();
                assertThat(poses(there, frame)).isEqualTo(wanted);
            }
        }
        // Some joints were missing, so that both halves were wanted.
        assertThat(stopping.runs.get()).isGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void peopleOfABatchAreThoseOfEachPicture(long seed) {
        Weights weights = weights(seed);
        Stopping stopping = new Stopping();
        List<Frame> frames = LongStream.range(0, 6)
                .mapToObj(i -> i == 3 ? TestData.noise(64, 120, seed) : TestData.noise(80, 64, 10 * seed + i))
                .toList();
        try (Poser poser = poser(stopping, weights)) {
            List<List<Pose>> alone = frames.stream().map(f -> poses(poser, f)).toList();
            assertThat(alone.stream().distinct()).hasSize(frames.size());
            assertThat(stopping.batches).containsOnly(1);
            stopping.batches.clear();
            stopping.pays(32);
            assertThat(poser.perceive(frames).stream().map(Poses::poses)).isEqualTo(alone);
            assertThat(stopping.batches).containsExactly(4, 1, 1);
        }
    }

    @Test
    void whatFailsThereIsDoneHere() {
        Weights weights = weights(1);
        Frame frame = TestData.noise(64, 64, 1);
        for (int failing = 1; failing <= 2; failing++) {
            Stopping stopping = new Stopping();
            stopping.failing = failing;
            try (Poser here = poser(new OnnxEngine(), weights);
                    Poser there = poser(stopping, weights)) {
                List<Pose> wanted = poses(here, frame);
                assertThat(poses(there, frame)).isEqualTo(wanted);
                assertThat(stopping.runs.get()).isEqualTo(failing);
                assertThat(poses(there, frame)).isEqualTo(wanted);
                assertThat(stopping.runs.get()).isGreaterThan(failing);
            }
        }
    }
}
