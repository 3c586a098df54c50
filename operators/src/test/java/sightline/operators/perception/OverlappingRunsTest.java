package sightline.operators.perception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Frame;
import sightline.config.domain.Pixels;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.ForwardingSession;
import sightline.kernels.engine.PendingRun;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Value;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.ImageToTensor;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.weights.Weights;
import sightline.operators.pool.Picture;
import sightline.operators.pool.StillFrame;

/** Runs that an engine goes on with while others are begun: each frame has its own answer, whatever becomes of the device. */
class OverlappingRunsTest {
    private static final int ONE = 3 * 8 * 8;

    /** What the device does with the runs that come, by their number; the reference's answer where nothing is said. */
    private final List<String> fates = new ArrayList<>();

    private int begun;
    private int closed;

    /** Computes where it is asked for the outputs, as late as can be. */
    private final class Late extends ForwardingSession {
        Late(Session inner) {
            super(inner);
        }

        @Override
        public Optional<PendingRun> beginPictures(
                List<Pixels> pictures, Framing framing, Resampling resampling, Normalisation normalisation) {
            String fate = begun < fates.size() ? fates.get(begun) : "";
            begun++;
            return Optional.of(new PendingRun() {
                private boolean over;

                @Override
                public Optional<Map<String, Tensor>> outputs() {
                    if (fate.equals("broken")) {
                        throw new IllegalStateException("unreadable");
                    }
                    return fate.equals("lost") ? Optional.empty() : Optional.of(computed());
                }

                private Map<String, Tensor> computed() {
                    Value input = graph().inputs().get("x");
                    Tensor x = Tensor.allocate(DType.F32, input.shape().toArray());
                    ImageToTensor transform = new ImageToTensor(framing, resampling, normalisation);
                    for (int i = 0; i < pictures.size(); i++) {
                        transform.pad(x.data(), 4L * i * transform.floats(), 0);
                        transform.write(pictures.get(i), x.data(), 4L * i * transform.floats());
                    }
                    return run(Map.of("x", x));
                }

                @Override
                public void close() {
                    closed += over ? 0 : 1;
                    over = true;
                }
            });
        }
    }

    private final Engine engine = new Engine() {
        private final Engine inner = new ReferenceEngine();

        @Override
        public String name() {
            return "late";
        }

        @Override
        public int batch() {
            return 4;
        }

        @Override
        public Session compile(Graph graph, Weights weights, CompileOptions options) {
            return new Late(inner.compile(graph, weights, options));
        }
    };

    private final Networks networks = Squares.on(engine);

    @AfterEach
    void everyRunIsClosed() {
        assertThat(closed).isEqualTo(begun);
        networks.close();
    }

    private static List<Frame> frames(int count) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] rgb = new byte[3 * 16 * 8];
            new SplittableRandom(i).nextBytes(rgb);
            frames.add(StillFrame.of(i % 3 == 0 ? new Picture(16, 8, rgb) : new Picture(8, 16, rgb)));
        }
        return frames;
    }

    private static Networks.Answer<Placement> into(float[][] all) {
        return (i, placement, outputs, slot) -> {
            assertThat(all[i]).as("answered once").isNull();
            all[i] = Arrays.copyOfRange(outputs.get("y"), slot * ONE, (slot + 1) * ONE);
        };
    }

    private float[][] alone(List<Frame> frames) {
        float[][] all = new float[frames.size()][];
        networks.run(frames, Squares::place, into(all));
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 23})
    void eachFrameOfTwoThatAreUnderWayHasItsOwnAnswerAndALostRunIsDoneAgain(int count) {
        fates.addAll(List.of("", "lost", "", "lost"));
        List<Frame> first = frames(count);
        List<Frame> second = frames(count + 2).subList(2, count + 2);
        float[][] firsts = new float[count][];
        float[][] seconds = new float[count][];
        try (Networks.UnderWay one = networks.begin(first, Squares::place, into(firsts));
                Networks.UnderWay two = networks.begin(second, Squares::place, into(seconds))) {
            two.finish();
            one.finish();
        }
        assertThat(firsts).isDeepEqualTo(alone(first));
        assertThat(seconds).isDeepEqualTo(alone(second));
    }

    @Test
    void oneRunThatFailsGivesUpThoseThatWereBegunWithIt() {
        fates.add("broken");
        Networks.UnderWay underWay = networks.begin(frames(3), Squares::place, into(new float[3][]));
        try (underWay) {
            assertThatThrownBy(underWay::finish).hasMessage("unreadable");
        }
    }
}
