package sightline.operators.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;

/** A node that fell behind takes over what a peer has agreed on. */
class AdoptionTest {
    private static final long TICK = 100_000_000L;
    private static final Site SITE = new Site(
            "yard", List.of("a", "b"), List.of(sensor("sa", "a"), sensor("sb", "b")), List.of(), List.of(), TICK);

    private static SensorSpec sensor(String name, String node) {
        return new SensorSpec(
                name, SensorSpec.Kind.POSITION, node, Optional.empty(), 0, 0, Double.POSITIVE_INFINITY, 0.9, 0.1);
    }

    private static FusionNode run(String node, String sensor, long from, long to) {
        FusionNode fusion = new FusionNode(SITE, node, 1, FusionSettings.standard());
        for (long tick = from; tick <= to; tick++) {
            fusion.onScan(scan(sensor, tick));
            fusion.tick(tick);
        }
        return fusion;
    }

    private static Scan scan(String sensor, long tick) {
        Measurement seen = new Measurement.Position(1 + 0.1 * tick, 2, 0.04, 0, 0.04, 1);
        return new Scan(
                sensor,
                0,
                tick,
                ObservationTime.at(tick * TICK - TICK / 2, "test"),
                Origin.SIMULATED,
                0,
                0,
                List.of(seen),
                "",
                "");
    }

    @ParameterizedTest
    @ValueSource(longs = {101, 120, 133, 160})
    void peerThatIsAheadTakesTheNodeAlong(long ahead) {
        FusionNode behind = run("a", "sa", 90, 100);
        FusionNode peer = run("b", "sb", 90, ahead);
        behind.adopt(peer.snapshot());
        assertThat(behind.priorDigest()).isEqualTo(peer.priorDigest());
        assertThatCode(behind::fused).doesNotThrowAnyException();
        assertThatCode(() -> behind.tick(Math.max(ahead, behind.lastTick()) + 1))
                .doesNotThrowAnyException();
    }

    @Test
    void peerThatIsBehindDoesNotTakeTheNodeBack() {
        FusionNode ahead = run("a", "sa", 90, 130);
        FusionNode peer = run("b", "sb", 90, 104);
        ahead.adopt(peer.snapshot());
        assertThat(ahead.lastTick()).isEqualTo(130);
        assertThatCode(ahead::fused).doesNotThrowAnyException();
        assertThatCode(() -> ahead.tick(131)).doesNotThrowAnyException();
    }
}
