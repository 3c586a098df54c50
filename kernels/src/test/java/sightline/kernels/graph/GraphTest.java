package sightline.kernels.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sightline.kernels.tensor.DType;

class GraphTest {
    private static Graph tiny(Dim batch) {
        GraphBuilder g = GraphBuilder.named("tiny");
        Value x = g.input("image", Shape.of(batch, Dim.of(3), Dim.of(64), Dim.of(48)));
        GraphBuilder stem = g.in("backbone", "stem", 0);
        x = stem.in("conv").conv2d(x, Conv.of(16, 3).stride(2));
        x = stem.in("norm").batchNorm(x, 1e-5);
        g.output("feature", g.hardSwish(x));
        return g.build();
    }

    @Test
    void scopesNameParametersAsTheStateDictDoes() {
        assertThat(tiny(Dim.of(1)).parameters().keySet())
                .containsExactly(
                        "backbone.stem.0.conv.weight",
                        "backbone.stem.0.norm.weight",
                        "backbone.stem.0.norm.bias",
                        "backbone.stem.0.norm.running_mean",
                        "backbone.stem.0.norm.running_var",
                        "backbone.stem.0.norm.num_batches_tracked");
    }

    @Test
    void buffersAreNotCountedAsParameters() {
        assertThat(tiny(Dim.of(1)).parameterCount()).isEqualTo(16 * 27 + 32);
    }

    @Test
    void macsAreThoseOfTheConvolution() {
        assertThat(tiny(Dim.of(2)).macs()).isEqualTo(2L * 32 * 24 * 16 * 27);
    }

    @Test
    void aNamedBatchIsBoundLaterAndShapesFollow() {
        Graph open = tiny(Dim.named("batch"));
        assertThat(open.isBound()).isFalse();
        Graph bound = open.bind(Map.of("batch", 4L));
        assertThat(bound.output("feature").shape()).isEqualTo(Shape.of(4, 16, 32, 24));
        assertThat(bound.toString()).isEqualTo(tiny(Dim.of(4)).toString());
    }

    @Test
    void namedImageSizesFlowThroughWindowsAndUpsampling() {
        GraphBuilder g = GraphBuilder.named("open");
        Value x = g.input("x", Shape.of(Dim.of(1), Dim.of(4), Dim.named("h"), Dim.of(8)));
        x = g.maxPool(x, 2, 2, 0);
        g.output("y", g.upsample(x, Spatial.Mode.NEAREST, 2));
        assertThat(g.build().bind(Map.of("h", 10L)).output("y").shape()).isEqualTo(Shape.of(1, 4, 10, 8));
    }

    @Test
    void anErrorNamesItsScopeAndBothShapes() {
        GraphBuilder g = GraphBuilder.named("wrong");
        Value a = g.input("a", Shape.of(2, 3));
        Value b = g.input("b", Shape.of(2, 4));
        assertThatThrownBy(() -> g.in("head", 1).add(a, b))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("head.1")
                .hasMessageContaining("[2, 3]")
                .hasMessageContaining("[2, 4]");
    }

    @Test
    void nodesThatNothingNeedsAreDropped() {
        GraphBuilder g = GraphBuilder.named("pruned");
        Value x = g.input("x", Shape.of(2));
        g.exp(x);
        g.output("y", g.relu(x));
        assertThat(g.build().nodes()).hasSize(2);
    }

    @Test
    void trainingMeaningAddsTheBatchStatistics() {
        Graph training = tiny(Dim.of(1)).withTraining(true);
        assertThat(training.nodes())
                .filteredOn(n -> n.op() instanceof Norm.BatchNorm)
                .singleElement()
                .satisfies(n -> assertThat(n.outputs()).hasSize(5));
    }

    @Test
    void anExtendedGraphKeepsItsValuesAndOutputs() {
        Graph graph = tiny(Dim.of(1));
        GraphBuilder more = GraphBuilder.extending(graph);
        more.output("pooled", more.globalAvgPool(graph.output("feature")));
        assertThat(more.build().outputs().keySet()).containsExactly("feature", "pooled");
    }

    @Test
    void valuesOfAnotherGraphAreRefused() {
        Value stranger = GraphBuilder.named("a").input("x", Shape.of(1));
        assertThatThrownBy(() -> GraphBuilder.named("b").relu(stranger)).hasMessageContaining("another graph");
    }

    @Test
    void mixedTypesAreRefused() {
        GraphBuilder g = GraphBuilder.named("mixed");
        Value a = g.input("a", Shape.of(2));
        Value b = g.input("b", DType.I64, Shape.of(2));
        assertThatThrownBy(() -> g.add(a, b)).hasMessageContaining("F32").hasMessageContaining("I64");
    }

    @Test
    void anOpenReshapeTakesWhatIsLeft() {
        GraphBuilder g = GraphBuilder.named("open");
        Value x = g.input("x", Shape.of(2, 3, 4));
        assertThat(g.reshape(x, -1, 6).shape()).isEqualTo(Shape.of(4, 6));
        assertThat(g.chunk(x, 2, 2)).extracting(Value::shape).isEqualTo(List.of(Shape.of(2, 3, 2), Shape.of(2, 3, 2)));
    }
}
