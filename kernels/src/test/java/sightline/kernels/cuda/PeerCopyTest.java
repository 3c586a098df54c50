package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** A state that goes on on another device. */
class PeerCopyTest {
    /** More than one stage of the host's. */
    private static final int LENGTH = 5 << 20;

    private static void peers(int reach) {
        EmulatedDriver.set("emulatedPeers", reach);
    }

    @AfterEach
    void asBefore() {
        peers(2);
    }

    private static Graph sum() {
        GraphBuilder g = GraphBuilder.named("running sum");
        Value total = g.add(g.readState("total", DType.F32, Shape.of(LENGTH)), g.input("x", Shape.of(LENGTH)));
        g.writeState("total", total);
        g.output("y", g.add(total, total));
        return g.build();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aStateGoesOnOnAnotherDevice(int reach) {
        float[] ones = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            ones[i] = i % 1000;
        }
        Map<String, Tensor> x = Map.of("x", Tensor.of(ones, LENGTH));
        try (CudaDevice here = EmulatedDriver.device();
                CudaDevice there = EmulatedDriver.device();
                CudaSession first = new CudaEngine(here, Storage.FLOAT32).compile(sum(), Weights.none());
                CudaSession second = new CudaEngine(there, Storage.FLOAT32).compile(sum(), Weights.none())) {
            peers(reach);
            first.run(x);
            second.takeStates(first);
            assertThat(second.run(x).get("y").get(LENGTH - 1)).isEqualTo(4 * ones[LENGTH - 1]);
            assertThat(first.state("total").get(7)).isEqualTo(7);
        }
    }
}
