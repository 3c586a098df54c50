package sightline.sensors.kafka.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BridgeBenchTest {

    /** On a shared machine a figure proves nothing, so this holds what does not depend on speed. */
    @Test
    @Tag("long")
    void aSmallBenchPrintsItsTablesAndBalancesItsLedger() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new PrintStream(bytes, true, UTF_8)) {
            BridgeBench.run(BenchPlan.quick(), out);
        }
        assertThat(bytes.toString(UTF_8))
                .contains("pass-through", "keyed-parallel work", "p50", "p99")
                .contains("unaccounted 0: balanced");
    }

    @Test
    void theMedianOfAnEvenNumberOfRunsLiesBetweenTheMiddleTwo() {
        assertThat(Sample.of(4, 1, 3, 100)).isEqualTo(new Sample(3.5, 1, 100));
        assertThat(Sample.of(7)).isEqualTo(new Sample(7, 7, 7));
    }

    @Test
    void percentilesAreTakenFromSortedNanoseconds() {
        long[] nanos = new long[101];
        for (int i = 0; i <= 100; i++) {
            nanos[i] = Duration.ofMillis(i).toNanos();
        }
        assertThat(Sample.percentileMillis(nanos, 0.5)).isEqualTo(50);
        assertThat(Sample.percentileMillis(nanos, 0.99)).isEqualTo(99);
    }
}
