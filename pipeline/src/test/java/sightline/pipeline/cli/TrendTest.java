package sightline.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TrendTest {
    @Test
    void slopeIsThatOfTheSecondHalf() {
        Trend trend = new Trend();
        for (int s = 0; s < 100; s++) {
            trend.add(s, s < 50 ? 1000 * s : 50_000 + 2 * (s - 50) + (s % 2 == 0 ? 1 : -1));
        }
        assertThat(trend.perMinute()).isCloseTo(120, within(2.0));
        assertThat(trend.mean()).isCloseTo(50_049, within(2.0));
    }

    @Test
    void nothingIsSaidOfNothing() {
        assertThat(new Trend().perMinute()).isNaN();
        assertThat(new Trend().mean()).isNaN();
    }
}
