package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;

/** The part of a profile that needs no device. */
class NetworkProfileTest {
    private static final double MACS = 32 * 32 * 64.0 * 64 * 9;

    private static Graph convolution() {
        GraphBuilder g = GraphBuilder.named("one");
        Value x = g.input("x", Shape.of(1, 64, 32, 32));
        g.output("y", g.in("layer").conv2d(x, Conv.of(64, 3)));
        return g.build();
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void aConvolutionIsTwoOperationsForEachMultiplication(Storage storage) {
        NetworkProfile profile = NetworkProfile.planned(convolution(), storage);
        double flops = profile.launches().stream()
                .filter(t -> t.layer().contains("layer"))
                .mapToDouble(LaunchTime::flops)
                .max()
                .orElseThrow();
        assertThat(flops).isCloseTo(2 * MACS, within(1.0));
        assertThat(profile.launches())
                .allSatisfy(t -> assertThat(t.milliseconds()).isNaN());
    }

    @Test
    void theRooflineIsTheSlowerOfArithmeticAndMemory() {
        assertThat(Card.H100.leastMilliseconds(8e11, 1)).isCloseTo(1, within(1e-9));
        assertThat(Card.H100.leastMilliseconds(1, 3e9)).isCloseTo(1, within(1e-9));
        assertThat(Card.H100.computes(8e11, 2.9e9)).isTrue();
        assertThat(Card.H100.computes(8e11, 3.1e9)).isFalse();
    }

    @Test
    void aLessCapableCardNeedsLonger() {
        NetworkProfile profile = NetworkProfile.planned(convolution(), Storage.FLOAT16);
        assertThat(profile.roofline(Card.L4)).isGreaterThan(5 * profile.roofline(Card.H100));
    }

    @Test
    void whatWasNotMeasuredIsPrintedAsADash() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
            NetworkProfile.planned(convolution(), Storage.FLOAT16).print(out, Card.H100, 5);
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertThat(text)
                .contains("layer Conv2d", String.format(Locale.ROOT, "%.2f", 2 * MACS / 1e6), " - ")
                .doesNotContain("NaN");
    }
}
