package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.vision.TestPicture;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

/** Sessions that give their memory up for others, on a device with room for two of them. */
class EvictionTest {
    private static final int SIDE = 128;
    /** What one session holds, about: its weights, and a few vectors. */
    private static final long ONE = 4L * SIDE * SIDE;

    private final List<String> said = new ArrayList<>();
    private final List<CudaSession> open = new ArrayList<>();
    private CudaDevice device;

    @BeforeEach
    void room() {
        device = EmulatedDriver.device(2 * ONE + ONE / 2);
        device.onEviction(said::add);
    }

    @AfterEach
    void nothingIsHeld() {
        open.forEach(CudaSession::close);
        assertThat(device.bytesHeld()).isZero();
        device.close();
    }

    /** x W + how often it ran before. */
    private CudaSession session(String name) {
        GraphBuilder g = GraphBuilder.named(name);
        Value x = g.input("x", Shape.of(1, SIDE));
        Value count = g.add(g.readState("count", DType.F32, Shape.of(1, 1)), 1);
        g.writeState("count", count);
        g.output("y", g.add(g.linear(x, SIDE, false), count));
        var graph = g.build();
        Weights weights = RandomWeights.of(graph, name.hashCode());
        CudaSession session = new CudaEngine(device, Storage.FLOAT32).compile(graph, weights);
        open.add(session);
        return session;
    }

    private static float[] run(CudaSession session) {
        float[] x = new float[SIDE];
        Arrays.fill(x, 0.5f);
        return session.run(Map.of("x", Tensor.of(x, 1, SIDE))).get("y").toFloats();
    }

    @Test
    void theOneNotUsedForLongestGivesWayAndComesBackWithItsWeightsAndState() {
        CudaSession first = session("first");
        CudaSession second = session("second");
        float[] before = run(first);
        run(second);
        run(first);
        CudaSession third = session("third");
        assertThat(second.deviceBytes()).isZero();
        assertThat(first.deviceBytes()).isPositive();
        assertThat(device.evictions()).isEqualTo(1);
        float[] again = run(second);
        assertThat(first.deviceBytes()).isZero();
        run(third);
        float[] after = run(first);
        for (int i = 0; i < SIDE; i++) {
            assertThat(after[i]).isEqualTo(before[i] + 2, within(1e-5f));
        }
        assertThat(second.state("count").get(0)).isEqualTo(2);
        assertThat(again).hasSize(SIDE);
    }

    @Test
    void itIsSaidOnceASession() {
        CudaSession first = session("first");
        session("second");
        session("third");
        run(first);
        run(open.get(1));
        run(first);
        assertThat(device.evictions()).isGreaterThan(2);
        assertThat(said).isNotEmpty().doesNotHaveDuplicates();
        assertThat(said.getFirst()).startsWith("first gave its ");
    }

    @Test
    void whatAnEvictedSessionAnsweredBeforeIsStillThere() {
        CudaSession first = session("first");
        float[] x = new float[SIDE];
        x[3] = 1;
        Tensor answer = first.run(Map.of("x", Tensor.of(x, 1, SIDE))).get("y");
        float[] copy = answer.toFloats();
        session("second");
        session("third");
        assertThat(first.deviceBytes()).isZero();
        assertThat(answer.toFloats()).containsExactly(copy);
    }

    @Test
    void aSessionLargerThanTheQuotaIsRefusedAndNobodyGivesWayForIt() {
        session("first");
        GraphBuilder g = GraphBuilder.named("large");
        g.output("y", g.relu(g.input("x", Shape.of(1 << 20))));
        assertThatThrownBy(() -> new CudaEngine(device, Storage.FLOAT32).compile(g.build(), Weights.none()))
                .isInstanceOf(CudaFailure.class);
        assertThat(device.evictions()).isZero();
    }

    @Test
    void memoryInSomebodysHandsStaysWhereItIs() {
        CudaSession first = session("first");
        CudaSession second = session("second");
        first.rely();
        second.rely();
        assertThatThrownBy(() -> session("third")).isInstanceOf(CudaFailure.class);
        first.release();
        session("third");
        assertThat(first.deviceBytes()).isZero();
        assertThat(second.deviceBytes()).isPositive();
    }

    @Test
    void picturesGoOnAfterAnEviction() {
        GraphBuilder g = GraphBuilder.named("pictures");
        Value x = g.input("x", Shape.of(1, 3, 64, 64));
        g.output("y", g.add(x, x));
        CudaSession pictures = new CudaEngine(device, Storage.FLOAT32).compile(g.build(), Weights.none());
        open.add(pictures);
        float[] before = show(pictures);
        session("second");
        session("third");
        assertThat(pictures.deviceBytes()).isZero();
        assertThat(show(pictures)).containsExactly(before);
    }

    private static float[] show(CudaSession session) {
        return session.runPictures(
                        List.of(TestPicture.random(32, 24, 1)),
                        Placement.fit(32, 24, 64, 64),
                        Resampling.LINEAR,
                        Normalisation.IMAGENET)
                .orElseThrow()
                .get("y")
                .toFloats()
                .clone();
    }
}
