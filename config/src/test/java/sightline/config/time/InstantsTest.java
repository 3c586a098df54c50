package sightline.config.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {

    @ParameterizedTest
    @ValueSource(
            longs = {0, 1, -1, 999_999_999, 1_000_000_000, -1_000_000_001, 1_767_225_600_123_456_789L, Long.MAX_VALUE})
    void nanosecondsSurviveBothWays(long nanos) {
        assertThat(Instants.toNanos(Instants.ofNanos(nanos))).isEqualTo(nanos);
        assertThat(Instants.parse(Instants.format(nanos))).isEqualTo(nanos);
    }

    @Test
    void aYearBeyondTheRangeIsRefusedNotWrapped() {
        assertThatThrownBy(() -> Instants.toNanos(Instant.parse("2263-01-01T00:00:00Z")))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void aManualClockMovesOnlyWhenTold() {
        ManualTime time = ManualTime.at("2026-01-01T00:00:00Z");
        long start = time.nanos();

        assertThat(time.advance(Duration.ofMillis(1))).isEqualTo(start + 1_000_000);
        assertThat(time.nanos()).isEqualTo(start + 1_000_000);
        time.set(5);
        assertThat(time.nanos()).isEqualTo(5);
    }

    @Test
    void theSystemClockIsTheMachines() {
        long before = Instants.toNanos(Instant.now());
        assertThat(TimeSource.system().nanos()).isBetween(before, before + 60_000_000_000L);
    }
}
