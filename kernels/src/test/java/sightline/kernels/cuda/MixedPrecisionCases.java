package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.grad.Fp8Activations;
import sightline.kernels.grad.Gradients;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Convolution.Window;
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
    static Value rounded(GraphBuilder g, String name, long... shape) {
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

    /** Large enough for operands to be rounded in memory; none fills its tiles, some take two of them or pieces of a sum. */
    static Stream<ParityCase> wideProducts() {
        return Stream.of(
                product("wide rows", new long[] {2, 136, 104}, false, new long[] {2, 104, 200}, false),
                product("wide left transposed", new long[] {3, 104, 136}, true, new long[] {3, 104, 200}, false),
                product("wide right transposed", new long[] {2, 300, 136}, false, new long[] {2, 101, 136}, true),
                product("a wide linear layer", new long[] {2, 67, 136}, false, new long[] {203, 136}, true),
                product("a wide linear layer's gradient", new long[] {2, 67, 200}, false, new long[] {200, 136}, false),
                product("a wide long sum in pieces", new long[] {104, 2056}, false, new long[] {112, 2056}, true),
                ParityCase.of(
                        "a wide linear layer with a bias",
                        g -> g.output(
                                "y",
                                g.add(
                                        g.matmul(rounded(g, "a", 2, 67, 136), false, rounded(g, "b", 203, 136), true),
                                        g.input("bias", Shape.of(203))))),
                ParityCase.of(
                        "a wide sum over images of rows",
                        g -> g.output(
                                "y",
                                g.sum(
                                        g.matmul(rounded(g, "a", 3, 50, 136), true, rounded(g, "b", 3, 50, 104), false),
                                        0))),
                ParityCase.of(
                        "a wide sum over images of pixels",
                        g -> g.output(
                                "y",
                                g.sum(
                                        g.matmul(
                                                rounded(g, "a", 3, 2, 101, 136), false,
                                                rounded(g, "b", 3, 2, 104, 136), true),
                                        0))));
    }

    /** Few rows, columns or steps over many pixels: 1x1 convolutions, for their input, and for their weights. */
    static Stream<ParityCase> fewProducts() {
        return Stream.of(
                product("few rows", new long[] {3, 24, 40}, false, new long[] {3, 40, 136}, false),
                product("a short sum", new long[] {2, 72, 8}, false, new long[] {2, 8, 264}, false),
                product("few left transposed", new long[] {3, 24, 16}, true, new long[] {3, 24, 136}, false),
                product("a short sum, left transposed", new long[] {2, 16, 72}, true, new long[] {2, 16, 264}, false),
                product("few columns of a long sum", new long[] {3, 72, 1000}, false, new long[] {3, 20, 1000}, true),
                product("few rows of a long sum", new long[] {9, 4104}, false, new long[] {50, 4104}, true),
                product("few of both", new long[] {8, 2056}, false, new long[] {16, 2056}, true),
                ParityCase.of("few channels", g -> {
                    Value x = rounded(g, "x", 2, 16, 8, 20);
                    Value bias = g.input("bias", Shape.of(24));
                    g.output("y", g.conv2d(x, rounded(g, "w", 24, 16, 1, 1), bias, Window.of(1, 0), 1));
                }),
                product("a short sum of odd length", new long[] {2, 9, 27}, false, new long[] {2, 27, 136}, false),
                ParityCase.of("few channels in groups", g -> {
                    Value x = rounded(g, "x", 2, 48, 8, 20);
                    g.output("y", g.conv2d(x, rounded(g, "w", 24, 16, 1, 1), Window.of(1, 0), 3));
                }),
                ParityCase.of(
                        "a sum over images of few channels",
                        g -> g.output(
                                "y",
                                g.sum(
                                        g.matmul(
                                                rounded(g, "a", 3, 2, 8, 264), false,
                                                rounded(g, "b", 3, 2, 40, 264), true),
                                        0))));
    }

    @ParameterizedTest
    @MethodSource("fewProducts")
    void fewRowsColumnsOrStepsAreMultipliedAsExactly(ParityCase parity) {
        assertThat(NetworkProfile.planned(parity.graph(), Storage.MIXED).launches())
                .anyMatch(launch -> launch.kernel().contains("_few"));
        assertThat(parity.error(engine())).isLessThan(3e-6);
    }

    @ParameterizedTest
    @MethodSource("wideProducts")
    void operandsRoundedInMemoryAreMultipliedAsExactly(ParityCase parity) {
        assertThat(NetworkProfile.planned(parity.graph(), Storage.MIXED).launches())
                .anyMatch(launch -> launch.kernel().startsWith("product_wide"));
        assertThat(parity.error(engine())).isLessThan(3e-6);
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
        Value expanded =
                pointwise.silu(pointwise.in("up").conv2d(image, Conv.of(64, 1).biased()));
        pointwise.output("y", pointwise.in("down").conv2d(expanded, Conv.of(40, 1)));
        GraphBuilder wide = GraphBuilder.named("wide linear");
        Value rows = wide.input("x", Shape.of(2, 52, 136));
        wide.output("y", wide.in("down").linear(wide.silu(wide.in("up").linear(rows, 200, true)), 104, true));
        GraphBuilder widePointwise = GraphBuilder.named("wide pointwise");
        Value pixels = widePointwise.input("x", Shape.of(2, 104, 12, 10));
        Value channels = widePointwise.silu(
                widePointwise.in("up").conv2d(pixels, Conv.of(136, 1).biased()));
        widePointwise.output("y", widePointwise.in("down").conv2d(channels, Conv.of(112, 1)));
        return Stream.concat(
                Stream.of(linear, pointwise, wide, widePointwise)
                        .map(GraphBuilder::build)
                        .map(graph -> new ParityCase(graph.name(), Gradients.of(graph, List.of("y")))),
                Stream.of(TokenCases.training(136, 13), TokenCases.training(136, 12), TokenCases.attending(128)));
    }

    /** Codes of eight bits differ here and there where what they stand for was rounded before. */
    @ParameterizedTest
    @MethodSource("keptSteps")
    void aStepThatKeepsEightBitsIsAsNearAsThoseAre(ParityCase parity) {
        assertThat(parity.error(engine())).isBetween(1e-5, 2e-2);
    }

    static Stream<ParityCase> keptSteps() {
        return Stream.of(TokenCases.training(136, 12), TokenCases.attending(128))
                .map(MixedPrecisionCases::kept);
    }

    private static ParityCase kept(ParityCase c) {
        return new ParityCase("eight bits for " + c.name(), Fp8Activations.of(c.graph(), Fp8Activations.Extent.LEAST));
    }

    static Stream<ParityCase> gatedSteps() {
        return Stream.of(
                        TokenCases.gated(3, 8, 24, true),
                        TokenCases.gated(5, 6, 14, false),
                        TokenCases.gated(1, 96, 72, true))
                .map(MixedPrecisionCases::kept);
    }

    /** Three times packed one behind the other, between rounded products; what single kernels make of it is as far off. */
    @ParameterizedTest
    @MethodSource("gatedSteps")
    void aGatedFeedForwardHasTheReferencesGradients(ParityCase parity) {
        assertThat(parity.error(engine())).isBetween(1e-5, 3.5e-2);
    }

    @ParameterizedTest
    @MethodSource("gatedSteps")
    void aGatedFeedForwardIsOneKernelEachWay(ParityCase parity) {
        List<String> mixed = kernels(parity.graph(), Storage.MIXED);
        assertThat(mixed).containsOnlyOnce("gated_forward_3", "gated_backward_3");
        assertThat(mixed).noneMatch(kernel -> kernel.startsWith("depthwise"));
        assertThat(kernels(parity.graph(), Storage.FLOAT32)).noneMatch(kernel -> kernel.startsWith("gated"));
    }

    private static List<String> kernels(Graph graph, Storage storage) {
        return NetworkProfile.planned(graph, storage).launches().stream()
                .map(LaunchTime::kernel)
                .toList();
    }

    @Test
    void resultsOfProductsArePassedOnInHalfTheBytes() {
        List<String> kernels =
                NetworkProfile.planned(TokenCases.attending(128).graph(), Storage.MIXED).launches().stream()
                        .map(LaunchTime::kernel)
                        .toList();
        assertThat(kernels).contains("softmax_warp").doesNotContain("from_bfloat16");
    }

    @Test
    void productsReadAndWriteTurnedTokensWithoutACopy() {
        Graph graph = TokenCases.training(136, 13).graph();
        List<String> kernels = NetworkProfile.planned(graph, Storage.MIXED).launches().stream()
                .map(LaunchTime::kernel)
                .toList();
        assertThat(kernels).noneMatch(kernel -> kernel.startsWith("turned_copy"));
        assertThat(kernels).anyMatch(kernel -> kernel.startsWith("product_wide_both_transposed"));
    }
}
