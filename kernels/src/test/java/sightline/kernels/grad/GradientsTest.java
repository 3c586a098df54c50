package sightline.kernels.grad;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Convolution.ConvTranspose2d;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.Elementwise.Arithmetic;
import sightline.kernels.graph.Elementwise.Function;
import sightline.kernels.graph.Elementwise.Relation;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.GraphException;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction.Kind;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Spatial.Grid;
import sightline.kernels.graph.Spatial.Mode;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;

class GradientsTest {
    @ParameterizedTest
    @EnumSource(Function.class)
    void functionsOfOneNumber(Function function) {
        Graph graph = one(Shape.of(4, 30), (g, x) -> g.unary(function, x));
        boolean positive = function == Function.SQRT || function == Function.LOG || function == Function.RECIPROCAL;
        if (positive) {
            GradientCheck.check(graph, 1, 0.5, 2);
        } else {
            GradientCheck.check(graph, 1, -5, 5);
            GradientCheck.check(graph, 2, -1, 8);
        }
    }

    @ParameterizedTest
    @EnumSource(Arithmetic.class)
    void functionsOfTwoNumbersWithBroadcasting(Arithmetic arithmetic) {
        GraphBuilder g = GraphBuilder.named(arithmetic.name());
        Value a = g.input("a", Shape.of(3, 1, 5));
        Value b = g.input("b", Shape.of(4, 5));
        g.output("y", g.binary(arithmetic, a, b));
        GradientCheck.check(g.build(), 3, 0.5, 2);
    }

    static Stream<Arguments> convolutions() {
        return Stream.of(
                Arguments.of("dense 3x3", 4, Conv.of(6, 3).biased()),
                Arguments.of("dense 3x3 stride 2", 4, Conv.of(6, 3).stride(2)),
                Arguments.of("point-wise", 4, Conv.of(6, 1).biased()),
                Arguments.of("point-wise stride 2", 4, Conv.of(6, 1).stride(2)),
                Arguments.of("point-wise in groups", 6, Conv.of(9, 1).groups(3)),
                Arguments.of("depthwise 5x5", 4, Conv.depthwise(4, 5)),
                Arguments.of("depthwise 3x3 stride 2", 4, Conv.depthwise(4, 3).stride(2)),
                Arguments.of("grouped 3x3", 4, Conv.of(6, 3).groups(2)),
                Arguments.of("dilated", 4, Conv.of(3, 3).dilation(2)),
                Arguments.of("padded beyond its kernel", 2, Conv.of(3, 3).padding(3)),
                Arguments.of("even kernel", 2, Conv.of(3, 4).stride(2).padding(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("convolutions")
    void convolutions(String name, int channels, Conv conv) {
        GradientCheck.check(one(Shape.of(2, channels, 7, 8), (g, x) -> g.conv2d(x, conv)), 4);
        GradientCheck.check(one(Shape.of(1, channels, 8, 9), (g, x) -> g.conv2d(x, conv)), 5);
    }

    @Test
    void transposedConvolutions() {
        GradientCheck.check(
                one(
                        Shape.of(2, 4, 5, 6),
                        (g, x) -> g.convTranspose2d(
                                x, Conv.of(6, 4).stride(2).padding(1).biased())),
                6);
        GradientCheck.check(
                one(
                        Shape.of(2, 4, 5, 6),
                        (g, x) -> g.single(
                                new ConvTranspose2d(Window.of(2, 1), 1, 0, 2), x, g.parameter("weight", 4, 3, 3, 3))),
                7);
    }

    @Test
    void normalisations() {
        GradientCheck.check(one(Shape.of(3, 4, 5, 6), (g, x) -> g.batchNorm(x, 1e-3)), 8);
        GradientCheck.check(training(one(Shape.of(3, 4, 5, 6), (g, x) -> g.batchNorm(x, 1e-3))), 9);
        GradientCheck.check(one(Shape.of(3, 4, 5), (g, x) -> g.layerNorm(x, -1, 1e-3)), 10);
        GradientCheck.check(one(Shape.of(3, 4, 5, 2), (g, x) -> g.layerNorm(x, 1, 1e-3)), 11);
        GradientCheck.check(one(Shape.of(3, 4, 5, 2), (g, x) -> g.rmsNorm(x, 1, 1e-3, true)), 12);
        GradientCheck.check(one(Shape.of(3, 4, 5), (g, x) -> g.rmsNorm(x, -1, 1e-3, false)), 13);
        GradientCheck.check(one(Shape.of(3, 6, 5, 2), (g, x) -> g.groupNorm(x, 3, 1e-3)), 14);
        GradientCheck.check(one(Shape.of(3, 6), (g, x) -> g.single(new Norm.LayerNorm(1, 1e-3), x)), 15);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void reductions(Kind kind) {
        GradientCheck.check(one(Shape.of(3, 4, 5), (g, x) -> g.reduce(kind, x, false, 0, 2)), 16);
        GradientCheck.check(one(Shape.of(3, 4, 5), (g, x) -> g.reduce(kind, x, true, 1)), 17);
    }

    @Test
    void matrixProductsInAllTranspositions() {
        for (boolean ta : List.of(false, true)) {
            for (boolean tb : List.of(false, true)) {
                GraphBuilder g = GraphBuilder.named("matmul " + ta + tb);
                Value a = g.input("a", ta ? Shape.of(2, 1, 4, 3) : Shape.of(2, 1, 3, 4));
                Value b = g.input("b", tb ? Shape.of(5, 6, 4) : Shape.of(5, 4, 6));
                g.output("y", g.matmul(a, ta, b, tb));
                GradientCheck.check(g.build(), 18);
            }
        }
    }

    @Test
    void softmaxWithAndWithoutMask() {
        GradientCheck.check(one(Shape.of(3, 4, 5), (g, x) -> g.softmax(x, 1)), 19);
        GraphBuilder g = GraphBuilder.named("masked");
        Value x = g.input("x", Shape.of(3, 5));
        Value mask = g.compare(Relation.GT, g.input("m", DType.I64, Shape.of(3, 5)), g.scalar(0, DType.I64));
        g.output("y", g.softmax(x, mask, 1));
        GradientCheck.check(g.build(), 20);
    }

    @Test
    void layouts() {
        GradientCheck.check(one(Shape.of(2, 3, 4), (g, x) -> g.permute(x, 2, 0, 1)), 21);
        GradientCheck.check(one(Shape.of(2, 6), (g, x) -> g.concat(1, x, g.square(x), x)), 22);
        GradientCheck.check(one(Shape.of(2, 7), (g, x) -> g.slice(x, 1, 2, 5)), 23);
        GradientCheck.check(one(Shape.of(2, 8), (g, x) -> g.stride(x, 1, 1, 3, 3)), 24);
        GradientCheck.check(one(Shape.of(2, 8), (g, x) -> g.stride(x, 1, 7, 3, -2)), 25);
        GradientCheck.check(one(Shape.of(2, 3), (g, x) -> g.expand(g.reshape(x, 2, 1, 3), Shape.of(2, 4, 3))), 26);
        GradientCheck.check(one(Shape.of(2, 3, 4, 5), (g, x) -> g.padImage(x, 1, 0, 2, 3)), 27);
        GradientCheck.check(one(Shape.of(2, 3), (g, x) -> g.repeatInterleave(x, 1, 3)), 28);
    }

    @Test
    void slicesThatTileAreConcatenatedAndOthersPadded() {
        GradientCheck.check(
                one(Shape.of(2, 9), (g, x) -> {
                    List<Value> parts = g.chunk(x, 1, 3);
                    return g.add(g.mul(parts.get(0), parts.get(1)), g.square(parts.get(2)));
                }),
                29);
        GradientCheck.check(one(Shape.of(2, 9), (g, x) -> g.mul(g.slice(x, 1, 0, 5), g.slice(x, 1, 3, 8))), 30);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void resizes(Mode mode) {
        GradientCheck.check(one(Shape.of(2, 3, 4, 5), (g, x) -> g.upsample(x, mode, 2)), 31);
        GradientCheck.check(one(Shape.of(2, 3, 4, 5), (g, x) -> g.resize(x, mode, 7, 3)), 32);
        if (mode == Mode.BILINEAR || mode == Mode.BICUBIC) {
            GradientCheck.check(
                    one(Shape.of(1, 2, 4, 5), (g, x) -> g.resize(x, mode, Grid.ALIGN_CORNERS, Dim.of(9), Dim.of(3))),
                    33);
        }
    }

    @Test
    void poolsAndShuffles() {
        GradientCheck.check(one(Shape.of(2, 3, 6, 7), (g, x) -> g.maxPool(x, 3, 2, 1)), 34);
        GradientCheck.check(one(Shape.of(2, 3, 6, 7), (g, x) -> g.avgPool(x, 3, 2, 1)), 35);
        GradientCheck.check(
                one(Shape.of(2, 3, 6, 7), (g, x) -> g.single(new Spatial.AvgPool(3, 3, Window.of(2, 1), false), x)),
                36);
        GradientCheck.check(one(Shape.of(2, 8, 3, 2), (g, x) -> g.pixelShuffle(x, 2)), 37);
        GradientCheck.check(one(Shape.of(2, 2, 4, 6), (g, x) -> g.pixelUnshuffle(x, 2)), 38);
        GradientCheck.check(one(Shape.of(2, 2, 4, 6), (g, x) -> g.globalAvgPool(x)), 39);
    }

    @Test
    void lookUpsConditionsAndBounds() {
        GraphBuilder g = GraphBuilder.named("embedding");
        Value ids = g.constant(Tensor.of(new long[] {2, 0, 2, 1}, 2, 2));
        g.output("y", g.embedding(ids, 4, 3));
        GradientCheck.check(g.build(), 40);
        GradientCheck.check(one(Shape.of(3, 4), (h, x) -> h.clamp(x, -0.5, 0.7)), 41);
        GradientCheck.check(
                one(
                        Shape.of(3, 4),
                        (h, x) -> h.where(h.compare(Relation.GT, x, h.scalar(0, DType.F32)), h.square(x), h.exp(x))),
                42);
    }

    @Test
    void linearAttention() {
        GraphBuilder g = GraphBuilder.named("linear attention");
        Value qkv = g.input("qkv", Shape.of(2, 3, 12, 20));
        List<Value> parts = g.chunk(qkv, 2, 3);
        Value q = g.relu(parts.get(0));
        Value k = g.relu(parts.get(1));
        Value state = g.matmul(parts.get(2), false, k, true);
        Value weight = g.add(g.matmul(g.sum(k, 3), true, q, false), 1e-15);
        g.output("y", g.div(g.matmul(state, q), weight));
        GradientCheck.check(g.build(), 43);
    }

    @Test
    void attentionOfRows() {
        GraphBuilder g = GraphBuilder.named("attention");
        Value q = g.input("q", Shape.of(2, 5, 6));
        Value mask = g.compare(Relation.GT, g.input("m", DType.I64, Shape.of(2, 4)), g.scalar(0, DType.I64));
        g.output("y", g.attention(q, g.input("kv", Shape.of(2, 4, 12)), mask, 2));
        GradientCheck.check(g.build(), 45);
        GradientCheck.check(one(Shape.of(2, 7, 18), (h, x) -> h.linearAttention(x, 2, 1e-2)), 46);
    }

    @Test
    void aWholeNetworkWithResidualsAndTwoHeads() {
        GraphBuilder g = GraphBuilder.named("toy");
        Value x = g.input("image", Shape.of(2, 3, 8, 8));
        Value a = g.hardSwish(
                g.in("n1").batchNorm(g.in("c1").conv2d(x, Conv.of(6, 3).stride(2)), 1e-3));
        Value b = g.add(a, g.in("n2").batchNorm(g.in("c2").conv2d(a, Conv.depthwise(6, 3)), 1e-3));
        Value c = g.silu(g.in("c3").conv2d(b, Conv.of(5, 1).biased()));
        g.output("fine", g.add(c, g.upsample(g.avgPool(c, 2, 2, 0), Mode.NEAREST, 2)));
        g.output("coarse", g.in("c4").conv2d(b, Conv.of(2, 3).stride(2)));
        GradientCheck.check(training(g.build()), 44);
    }

    @Test
    void whatHasNoGradientFailsWhileItIsWritten() {
        Graph graph = one(Shape.of(3, 4), (g, x) -> g.topK(x, 1, 2).getFirst());
        assertThatThrownBy(() -> Gradients.of(graph, List.of("y"), List.of("x")))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("has no gradient");
        Graph open = one(Shape.of(Dim.named("n"), Dim.of(3)), (g, x) -> g.square(x));
        assertThatThrownBy(() -> Gradients.of(open, List.of("y"), List.of("x"))).hasMessageContaining("bind it");
    }

    @Test
    void mirroredPaddingIsRefused() {
        Graph graph = one(Shape.of(3, 4), (g, x) -> g.pad(x, List.of(1, 0), List.of(0, 0), Layout.Edge.REFLECT, 0));
        assertThatThrownBy(() -> Gradients.of(graph, List.of("y"), List.of("x")))
                .isInstanceOf(GraphException.class);
    }

    private static Graph training(Graph graph) {
        Graph trained = graph.withTraining(true);
        GraphBuilder only = GraphBuilder.extending(trained);
        return only.build();
    }

    private static Graph one(Shape shape, BiFunction<GraphBuilder, Value, Value> body) {
        GraphBuilder g = GraphBuilder.named("one");
        Value x = g.input("x", shape);
        g.output("y", body.apply(g.in("layer"), x));
        return g.build();
    }
}
