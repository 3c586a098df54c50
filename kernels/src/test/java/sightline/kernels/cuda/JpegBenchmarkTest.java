package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import sightline.config.domain.Pixels;
import sightline.kernels.weights.Weights;

/** What is measured is done, each way of it, and everything is given back. */
class JpegBenchmarkTest {
    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    @RegisterExtension
    static final FakeNvJpeg DECODER = new FakeNvJpeg();

    @Test
    @Timeout(60)
    void eachWayOfDecodingIsALine() {
        List<Pixels> files =
                IntStream.range(0, 7).<Pixels>mapToObj(Compressed::new).toList();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long before = DEVICE.get().bytesHeld();
        try (CudaSession network = DEVICE.engine(Storage.FLOAT32).compile(Compressed.doubling(), Weights.none())) {
            new JpegBenchmark(
                            DEVICE.get(),
                            network,
                            files,
                            Compressed.FRAMING,
                            new PrintStream(out, true, StandardCharsets.UTF_8))
                    .run(0.02);
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(1 + 2 * 8 + 1)
                .noneMatch(line -> line.contains("Failure") || line.contains("Exception"));
        assertThat(DEVICE.get().bytesHeld()).isEqualTo(before);
    }
}
