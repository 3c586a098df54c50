package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;

/** Products of operands rounded to bfloat16. The same tests on whatever device a subclass has. */
abstract class MixedPrecisionCases {
    /** Computes in mixed precision. */
    abstract CudaEngine engine();

    /** An input whose values bfloat16 holds, so that rounding them again changes nothing. */
    private static Value rounded(GraphBuilder g, String name, long... shape) {
        return g.cast(g.cast(g.input(name, Shape.of(shape)), DType.BF16), DType.F32);
    }

    private static ParityCase product(String name, long[] a, boolean ta, long[] b, boolean tb) {
        return ParityCase.of(name, g -> g.output("y", g.matmul(rounded(g, "a", a), ta, rounded(g, "b", b), tb)));
    }

    static Stream<ParityCase> products() {
        return Stream.of(
                product("rows", new long[] {2, 70, 66}, false, new long[] {2, 66, 131}, false),
                product("rows at multiples of four", new long[] {132, 68}, false, new long[] {68, 136}, false),
                product("left transposed", new long[] {3, 66, 70}, true, new long[] {3, 66, 34}, false),
                product(
                        "left transposed, at multiples of four",
                        new long[] {260, 132},
                        true,
                        new long[] {260, 64},
                        false),
                product("right transposed", new long[] {2, 3, 37, 65}, false, new long[] {2, 3, 41, 65}, true),
                product("a linear layer", new long[] {2, 67, 72}, false, new long[] {130, 72}, true),
                product("a linear layer's gradient", new long[] {2, 67, 72}, false, new long[] {72, 130}, false),
                product("a long sum in pieces", new long[] {64, 1000}, false, new long[] {40, 1000}, true),
                ParityCase.of(
                        "a sum over images of rows",
                        g -> g.output(
                                "y",
                                g.sum(
                                        g.matmul(rounded(g, "a", 3, 50, 40), true, rounded(g, "b", 3, 50, 36), false),
                                        0))),
                ParityCase.of(
                        "a sum over images of pixels",
                        g -> g.output(
                                "y",
                                g.sum(
                                        g.matmul(
                                                rounded(g, "a", 3, 2, 33, 64), false,
                                                rounded(g, "b", 3, 2, 40, 64), true),
                                        0))));
    }

    @ParameterizedTest
    @MethodSource("products")
    void whatBfloat16HoldsIsMultipliedAsExactlyAsInFloat32(ParityCase parity) {
        assertThat(parity.error(engine())).isLessThan(3e-6);
    }

    @ParameterizedTest
    @MethodSource("products")
    void theRoundedKernelsAreTheOnesThatRun(ParityCase parity) {
        Graph graph = parity.graph();
        assertThat(NetworkProfile.planned(graph, Storage.MIXED).launches())
                .anyMatch(launch -> launch.kernel().startsWith("product16"));
        assertThat(NetworkProfile.planned(graph, Storage.FLOAT32).launches())
                .noneMatch(launch -> launch.kernel().startsWith("product16"));
    }

    /**
     * Rounding an operand costs at most 2^-9 of it, evenly spread 2^-9 / sqrt(3); two operands, and two such layers one
     * behind the other both ways, keep a relative L2 of a few thousandths.
     */
    @ParameterizedTest
    @MethodSource("steps")
    void aTrainingStepKeepsGradientsWithinAHundredth(ParityCase parity) {
        assertThat(parity.error(engine())).isBetween(1e-5, 1e-2);
    }

    static Stream<ParityCase> steps() {
        GraphBuilder linear = GraphBuilder.named("linear");
        Value x = linear.input("x", Shape.of(2, 40, 48));
        Value hidden = linear.silu(linear.in("up").linear(x, 64, true));
        linear.output("y", linear.in("down").linear(hidden, 36, true));
        GraphBuilder pointwise = GraphBuilder.named("pointwise");
        Value image = pointwise.input("x", Shape.of(2, 36, 7, 9));
        Value wide =
                pointwise.silu(pointwise.in("up").conv2d(image, Conv.of(64, 1).biased()));
        pointwise.output("y", pointwise.in("down").conv2d(wide, Conv.of(40, 1)));
        return Stream.of(linear, pointwise)
                .map(GraphBuilder::build)
                .map(graph -> new ParityCase(graph.name(), Gradients.of(graph, List.of("y"))));
    }
}
