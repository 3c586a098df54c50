package sightline.kernels.onnx;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.graph.Graph;
import sightline.kernels.testing.OpCases;
import sightline.kernels.testing.Parity;

class OnnxParityTest {
    static Stream<Named<Graph>> cases() {
        return OpCases.all().stream().map(graph -> Named.of(graph.name(), graph));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTheReference(Graph graph) {
        Parity.check(new OnnxEngine(), graph, 42, 1e-5);
    }
}
