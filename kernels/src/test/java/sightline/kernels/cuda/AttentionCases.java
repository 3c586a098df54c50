package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Session;
import sightline.kernels.grad.Fp8Activations;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Elementwise.Relation;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

/** Attention in kernels of its own, forward and backward. The same tests on whatever device a subclass has. */
abstract class AttentionCases {
    /** Computes in mixed precision. */
    abstract CudaEngine engine();

    /** What is masked of a text. */
    private enum Hidden {
        NOTHING,
        SOME,
        /** Some of one image's, all of the others'. */
        WHOLE
    }

    /** An input whose values bfloat16 holds, so that rounding them again changes nothing. */
    private static Value rounded(GraphBuilder g, String name, long... shape) {
        return g.cast(g.cast(g.input(name, Shape.of(shape)), DType.BF16), DType.F32);
    }

    private static ParityCase softmax(
            String name, int images, int tokens, int text, int heads, int width, Hidden hidden) {
        Attention op = new Attention.Softmax(heads);
        return ParityCase.of(name, g -> {
            List<Value> in = new ArrayList<>();
            in.add(rounded(g, "q", images, tokens, (long) heads * width));
            in.add(rounded(g, "kv", images, text, 2L * heads * width));
            if (hidden != Hidden.NOTHING) {
                Value drawn = g.add(g.input("mask", Shape.of(images, text)), 0.5);
                float[] factors = new float[images];
                factors[0] = 1;
                Value factor = g.constant(Tensor.of(factors, images, 1));
                Value shown = hidden == Hidden.WHOLE ? g.mul(drawn, factor) : drawn;
                in.add(g.compare(Relation.GT, shown, g.scalar(0, DType.F32)));
            }
            both(g, op, in, rounded(g, "dy", images, tokens, (long) heads * width));
        });
    }

    private static ParityCase linear(String name, int images, int tokens, int heads, int width) {
        return ParityCase.of(name, g -> {
            Value qkv = rounded(g, "qkv", images, tokens, 3L * heads * width);
            Value dy = rounded(g, "dy", images, tokens, (long) heads * width);
            both(g, new Attention.Relu(heads, 1e-3), List.of(qkv), dy);
        });
    }

    private static void both(GraphBuilder g, Attention op, List<Value> in, Value dy) {
        g.output("y", g.apply(op, in).getFirst());
        List<Value> operands = new ArrayList<>(in);
        operands.add(dy);
        g.apply(new Adjoint.AttentionInputs(op), operands).forEach(value -> g.output("d" + value.index(), value));
    }

    static Stream<ParityCase> attentions() {
        return Stream.of(
                softmax("a text of few words", 2, 37, 9, 2, 32, Hidden.NOTHING),
                softmax("a text in two stretches", 2, 130, 76, 2, 64, Hidden.SOME),
                softmax("a long text", 1, 70, 300, 2, 72, Hidden.SOME),
                softmax("a text that fills its tiles", 1, 64, 96, 1, 112, Hidden.NOTHING),
                softmax("a text hidden from all but one", 3, 33, 80, 1, 72, Hidden.WHOLE),
                linear("linear attention", 2, 150, 3, 32),
                linear("linear attention of few tokens", 1, 17, 1, 32),
                linear("linear attention in pieces", 1, 520, 2, 32));
    }

    /** Shares of the text, slopes and results are rounded: 2^-9 at most each, a few of them one behind the other. */
    @ParameterizedTest
    @MethodSource("attentions")
    void isWithinItsRoundingsOfTheDefinition(ParityCase parity) {
        assertThat(NetworkProfile.planned(parity.graph(), Storage.MIXED).launches())
                .anyMatch(launch -> launch.kernel().contains("attention16"))
                .noneMatch(launch -> launch.kernel().startsWith("product"));
        assertThat(parity.error(engine())).isBetween(1e-5, 6e-3);
    }

    static Stream<ParityCase> others() {
        return Stream.of(
                softmax("heads of another width", 2, 37, 9, 2, 24, Hidden.SOME),
                softmax("a very long text", 1, 32, 400, 1, 32, Hidden.SOME),
                linear("linear heads of another width", 2, 40, 2, 48));
    }

    @ParameterizedTest
    @MethodSource("others")
    void whatHasNoKernelIsWrittenOut(ParityCase parity) {
        assertThat(NetworkProfile.planned(parity.graph(), Storage.MIXED).launches())
                .noneMatch(launch -> launch.kernel().contains("attention16"));
        assertThat(parity.error(engine())).isLessThan(1e-2);
    }

    @ParameterizedTest
    @MethodSource("attentions")
    void isWrittenOutWhereProductsAreExact(ParityCase parity) {
        assertThat(NetworkProfile.planned(parity.graph(), Storage.FLOAT32).launches())
                .noneMatch(launch -> launch.kernel().contains("attention16"));
    }

    /** Keys far from all queries but one, and values that share a large part, which the slopes' mean takes off. */
    @Test
    void gradientsOfQueriesSurviveWhatValuesShare() {
        ParityCase parity = ParityCase.of("shared", g -> {
            Value kv = g.add(rounded(g, "kv", 1, 80, 128), 16);
            both(
                    g,
                    new Attention.Softmax(1),
                    List.of(rounded(g, "q", 1, 48, 64), g.cast(g.cast(kv, DType.BF16), DType.F32)),
                    rounded(g, "dy", 1, 48, 64));
        });
        assertThat(parity.error(engine())).isLessThan(4e-2);
    }

    @Test
    void whatIsNoNumberSpoilsItsOwnRowAlone() {
        GraphBuilder g = GraphBuilder.named("spoilt");
        g.output(
                "y",
                g.single(
                        new Attention.Softmax(1),
                        g.input("q", Shape.of(1, 20, 32)),
                        g.input("kv", Shape.of(1, 16, 64))));
        Tensor q = Tensor.allocate(DType.F32, 1, 20, 32);
        Tensor kv = Tensor.allocate(DType.F32, 1, 16, 64);
        for (long i = 0; i < kv.size(); i++) {
            kv.set(i, 1);
        }
        q.set(5 * 32 + 3, Float.NaN);
        try (Session session = engine().compile(g.build(), Weights.none(), CompileOptions.DEFAULT)) {
            Tensor y = session.run(Map.of("q", q, "kv", kv)).get("y");
            for (int i = 0; i < 20 * 32; i++) {
                assertThat(Double.isNaN(y.get(i))).as("y[%d]", i).isEqualTo(i / 32 == 5);
            }
        }
    }

    /** A block that attends to itself and to a text, trained whole, with activations in eight bits or not. */
    @ParameterizedTest
    @MethodSource("steps")
    void aTrainingStepKeepsGradientsWithinAFewHundredths(ParityCase parity) {
        assertThat(parity.error(engine())).isBetween(1e-5, 4e-2);
    }

    static Stream<ParityCase> steps() {
        ParityCase plain = TokenCases.attentive(128, 2);
        return Stream.of(
                plain,
                new ParityCase("large results in eight bits", large()),
                new ParityCase(
                        "eight bits for " + plain.name(),
                        Fp8Activations.of(plain.graph(), Fp8Activations.Extent.LEAST)));
    }

    private static Graph large() {
        return Fp8Activations.of(TokenCases.attentive(384, 6).graph(), Fp8Activations.Extent.LEAST);
    }

    /** What was kept of a linear attention's rows is not unpacked for its gradients, and what is to be kept has its scale found. */
    @Test
    void attentionReadsAndMeasuresWhatIsKept() {
        List<String> kernels = NetworkProfile.planned(large(), Storage.MIXED).launches().stream()
                .map(LaunchTime::kernel)
                .toList();
        assertThat(kernels)
                .contains("relu_attention16_state", "relu_attention16_apply")
                .contains(
                        "relu_attention16_state_eight", "relu_attention16_query_eight", "relu_attention16_text_eight");
        assertThat(Collections.frequency(kernels, "eight_whole"))
                .isEqualTo(Collections.frequency(kernels, "eight_largest") + 2);
    }

    /** Neither heads nor scores are ever copied, and no result of the attentions is written in four bytes. */
    @Test
    void nothingIsMovedForHeads() {
        List<String> kernels =
                NetworkProfile.planned(TokenCases.attentive(128, 2).graph(), Storage.MIXED).launches().stream()
                        .map(LaunchTime::kernel)
                        .toList();
        assertThat(kernels)
                .noneMatch(kernel -> kernel.contains("copy") || kernel.startsWith("softmax") || kernel.equals("pad"))
                .doesNotContain("from_bfloat16")
                .contains("attention16_forward_64", "attention16_query_64", "attention16_text_64")
                .contains("relu_attention16_state", "relu_attention16_apply")
                .contains("relu_attention16_query", "relu_attention16_text");
    }
}
