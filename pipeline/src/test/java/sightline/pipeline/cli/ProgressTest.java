package sightline.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {

    @ParameterizedTest
    @CsvSource({"0, 0, '  0 %'", "0.5, 12, ' 50 %'", "1, 24, '100 %'", "1.7, 24, '100 %'"})
    void theBarIsAsLongAsTheShare(double share, int marks, String percent) {
        assertThat(Progress.bar(share).chars().filter(c -> c == '#').count()).isEqualTo(marks);
        assertThat(Progress.bar(share)).contains(percent);
    }

    @Test
    void nothingIsWrittenWhereNobodyWatches() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Progress progress = new Progress(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);
        progress.show(.5, "half");
        progress.done();
        assertThat(bytes.size()).isZero();
    }

    @Test
    void oneLineIsWrittenOverAgain() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Progress progress = new Progress(new PrintStream(bytes, true, StandardCharsets.UTF_8), true);
        progress.show(.5, "x".repeat(500));
        progress.show(Double.NaN, "end");

        String[] lines = bytes.toString(StandardCharsets.UTF_8).split("\r", -1);
        assertThat(lines).hasSize(3);
        assertThat(lines[1]).hasSameSizeAs(lines[2]);
        assertThat(lines[2]).startsWith("end ");
    }
}
