package sightline.kernels.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.lowering.BatchNormFolding.Folded;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.testing.Parity;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

class BatchNormFoldingTest {
    private static long norms(Graph graph) {
        return graph.nodes().stream()
                .filter(n -> n.op() instanceof Norm.BatchNorm)
                .count();
    }

    private static Graph network(boolean shared) {
        GraphBuilder g = GraphBuilder.named("net");
        Value x = g.input("x", Shape.of(2, 4, 6, 6));
        Value y = g.in("conv").conv2d(x, Conv.of(8, 3).groups(2).biased());
        Value z = g.in("norm").batchNorm(y, 1e-5);
        g.output("z", shared ? g.add(z, y) : z);
        return g.build();
    }

    @Test
    void aMergedNormLeavesNoTraceButTheSameNumbers() {
        Graph graph = network(false);
        Weights weights = RandomWeights.of(graph, 4);
        CompileOptions f64 = CompileOptions.DEFAULT.withPrecision(DType.F64);
        try (Arena arena = Arena.ofConfined()) {
            Folded folded = BatchNormFolding.fold(graph, weights, arena);
            assertThat(norms(folded.graph())).isZero();
            assertThat(folded.graph().parameters().keySet())
                    .containsExactlyInAnyOrder("conv.weight", "conv.weight.merged_bias");
            try (Session before = new ReferenceEngine().compile(graph, weights, f64);
                    Session after = new ReferenceEngine().compile(folded.graph(), folded.weights(), f64)) {
                var in = Parity.inputs(graph, 2);
                // The merged weights are stored in float32.
                assertThat(Parity.distance(
                                after.run(in).get("z"), before.run(in).get("z")))
                        .isBetween(1e-12, 2e-7);
            }
        }
    }

    @Test
    void aConvolutionThatSomebodyElseReadsIsLeftAlone() {
        Graph graph = network(true);
        try (Arena arena = Arena.ofConfined()) {
            assertThat(norms(BatchNormFolding.fold(graph, RandomWeights.of(graph, 1), arena)
                            .graph()))
                    .isOne();
        }
    }

    @Test
    void aNormInTrainingIsLeftAlone() {
        Graph graph = network(false).withTraining(true);
        try (Arena arena = Arena.ofConfined()) {
            assertThat(norms(BatchNormFolding.fold(graph, RandomWeights.of(graph, 1), arena)
                            .graph()))
                    .isOne();
        }
    }
}
