package sightline.kernels.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Dim;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Indexing;
import sightline.kernels.graph.Op;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** An adjoint is defined by {@code <A x, y> = <x, A* y>}; each is held to it with random x and y in float64. */
class AdjointTest {
    private final GraphBuilder g = GraphBuilder.named("inner products");

    private void holds(Value ax, Value y, Value x, Value back) {
        assertThat(back.shape()).isEqualTo(x.shape());
        g.output("forward", inner(ax, y));
        g.output("backward", inner(x, back));
        CompileOptions f64 = CompileOptions.DEFAULT.withPrecision(DType.F64);
        try (Session session = new ReferenceEngine().compile(g.build(), Weights.none(), f64)) {
            Map<String, Tensor> products = session.run(Map.of());
            double forward = products.get("forward").get(0);
            assertThat(forward).isNotZero();
            assertThat(products.get("backward").get(0)).isCloseTo(forward, within(1e-9 * Math.abs(forward) + 1e-9));
        }
    }

    private Value inner(Value a, Value b) {
        return g.reduce(Reduction.Kind.SUM, g.reshape(g.mul(a, b), -1), false, 0);
    }

    private Value random(long seed, Shape shape) {
        return g.constant(Seeded.tensor(seed, shape.toArray()));
    }

    private Value random(long seed, long... shape) {
        return random(seed, Shape.of(shape));
    }

    private Value apply(Op op, Value... operands) {
        return g.single(op, operands);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void convolutionWeights(int groups) {
        Window window = new Window(2, 1, 1, 0, 2, 1, 1, 2);
        Value x = random(1, 2, 4, 7, 8);
        Value w = random(2, 8, 4 / groups, 3, 2);
        Value ax = apply(new Convolution.Conv2d(window, groups), x, w);
        Value y = random(3, ax.shape());
        holds(ax, y, w, apply(new Adjoint.ConvWeight(window, groups, 3, 2), x, y));
    }

    @ParameterizedTest
    @EnumSource(Spatial.Mode.class)
    void resizes(Spatial.Mode mode) {
        Value x = random(1, 1, 2, 5, 6);
        Value ax = g.resize(x, mode, 8, 4);
        Value y = random(2, ax.shape());
        holds(ax, y, x, apply(new Adjoint.ResizeInput(mode, Spatial.Grid.HALF_PIXEL, Dim.of(5), Dim.of(6)), y));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void averagePools(boolean countPadding) {
        Spatial.AvgPool pool = new Spatial.AvgPool(3, 2, Window.of(2, 1), countPadding);
        Value x = random(1, 1, 2, 7, 6);
        Value ax = apply(pool, x);
        Value y = random(2, ax.shape());
        holds(ax, y, x, apply(new Adjoint.AvgPoolInput(pool, Dim.of(7), Dim.of(6)), y));
    }

    /** Linear where no two elements are equal, since small changes of x do not change who wins. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void maximumPools(int stride) {
        Window window = Window.of(stride, 1);
        Value x = random(1, 1, 2, 7, 6);
        Value ax = apply(new Spatial.MaxPool(3, 3, window), x);
        Value y = random(2, ax.shape());
        holds(ax, y, x, apply(new Adjoint.MaxPoolInput(3, 3, window), x, y));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void gathers(int axis) {
        Value x = random(1, 4, 4, 4);
        Value indices = g.constant(Tensor.of(new long[] {3, 0, 3, 1, 3, 0}, 3, 2));
        Value ax = apply(new Indexing.Gather(axis), x, indices);
        Value y = random(2, ax.shape());
        holds(ax, y, x, apply(new Adjoint.ScatterAdd(axis, 2, Dim.of(4)), indices, y));
    }
}
