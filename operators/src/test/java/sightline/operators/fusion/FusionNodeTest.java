package sightline.operators.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;

class FusionNodeTest {
    private static final Site SITE = new Site(
            "yard",
            List.of("a"),
            List.of(
                    new SensorSpec("cam", SensorSpec.Kind.POSITION, "a", Optional.empty(), 0, 0, 60, 0.9, 2),
                    new SensorSpec("radar", SensorSpec.Kind.RADAR, "a", Optional.empty(), -20, 0, 80, 0.9, 2)),
            List.of(),
            List.of(),
            100_000_000L);

    @Test
    void twoSensorsAndOneWalkerGiveOneTrackThatNamesBothSensors() {
        FusionNode node = new FusionNode(SITE, "a", 1, FusionSettings.standard());
        feed(node, walk(40));
        List<Track> tracks = node.tracks(40);
        assertThat(tracks).hasSize(1);
        Track track = tracks.getFirst();
        assertThat(track.id()).startsWith("yard/a/1.");
        assertThat(Math.hypot(track.east() - 6, track.north() - 2)).isLessThan(1);
        assertThat(track.receipt().contributions()).extracting("sensor").containsExactlyInAnyOrder("cam", "radar");
        assertThat(track.origin()).isEqualTo(Origin.SIMULATED);
    }

    @Test
    void aScanThatComesLateChangesNothingButItsTime() {
        List<Scan> inOrder = walk(40);
        FusionNode one = new FusionNode(SITE, "a", 1, FusionSettings.standard());
        feed(one, inOrder);
        List<Scan> shuffled = new ArrayList<>(inOrder);
        for (int i = 0; i + 3 < shuffled.size(); i += 5) {
            shuffled.add(i + 3, shuffled.remove(i));
        }
        FusionNode other = new FusionNode(SITE, "a", 1, FusionSettings.standard());
        assertThat(feed(other, shuffled)).contains(FusionNode.Outcome.LATE);
        assertThat(other.fused().table())
                .usingRecursiveComparison()
                .ignoringFields("label")
                .isEqualTo(one.fused().table());
        assertThat(other.onScan(inOrder.getLast())).isEqualTo(FusionNode.Outcome.DUPLICATE);
        assertThat(other.onScan(inOrder.getFirst())).isEqualTo(FusionNode.Outcome.TOO_LATE);
    }

    @Test
    void aNodeThatDiesIsResumedAsIfNothingHadHappened() {
        List<Scan> scans = walk(60);
        FusionNode whole = new FusionNode(SITE, "a", 7, FusionSettings.standard());
        scans.subList(0, 70).forEach(whole::onScan);
        whole.tick(33);
        feed(whole, scans.subList(70, scans.size()));
        FusionNode first = new FusionNode(SITE, "a", 7, FusionSettings.standard());
        scans.subList(0, 70).forEach(first::onScan);
        first.tick(33);
        byte[] state = first.snapshot();
        assertThat(FusionNode.incarnationOf(state)).isEqualTo(7);
        FusionNode second = new FusionNode(SITE, "a", 7, FusionSettings.standard());
        second.restore(state);
        assertThat(second.snapshot()).isEqualTo(state);
        feed(second, scans.subList(70, scans.size()));
        assertThat(second.priorDigest()).isEqualTo(whole.priorDigest());
        assertThat(second.fused().tracks())
                .usingRecursiveComparison()
                .isEqualTo(whole.fused().tracks());
        assertThatThrownBy(() -> second.restore(new byte[] {1, 2, 3})).isInstanceOf(IllegalArgumentException.class);
    }

    /** Gives scans in and closes each tick once a scan of the next but one has come. */
    private static List<FusionNode.Outcome> feed(FusionNode node, List<Scan> scans) {
        List<FusionNode.Outcome> out = new ArrayList<>();
        for (Scan scan : scans) {
            out.add(node.onScan(scan));
            long due = Math.floorDiv(scan.time().exposureNanos(), SITE.tickNanos()) - 1;
            if (node.lastTick() < due) {
                node.tick(due);
            }
        }
        node.tick(node.lastTick() + 1);
        return out;
    }

    @Test
    void badNumbersAreRefusedAndLeaveTheStateAlone() {
        FusionNode node = new FusionNode(SITE, "a", 1, FusionSettings.standard());
        feed(node, walk(20));
        byte[] before = node.snapshot();
        for (Measurement bad : List.of(
                new Measurement.Position(Double.NaN, 0, 1, 0, 1, 1), new Measurement.Position(1, 0, 1, 1, 1, 1))) {
            Scan scan = new Scan(
                    "cam",
                    0,
                    99,
                    ObservationTime.at(2_500_000_000L, "sim"),
                    Origin.SIMULATED,
                    0,
                    0,
                    List.of(bad),
                    "",
                    "");
            assertThatThrownBy(() -> node.onScan(scan)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(node.snapshot()).isEqualTo(before);
    }

    private static List<Scan> walk(int ticks) {
        Random random = new Random(3);
        List<Scan> out = new ArrayList<>();
        for (int k = 0; k < ticks; k++) {
            for (String sensor : List.of("cam", "radar")) {
                long t = k * 100_000_000L + (sensor.equals("cam") ? 0 : 40_000_000L);
                List<Measurement> seen = new ArrayList<>();
                if (random.nextDouble() < 0.9) {
                    double s = t * 1e-9;
                    seen.add(new Measurement.Position(
                            2 + s + 0.3 * random.nextGaussian(), 2 + 0.3 * random.nextGaussian(), 0.09, 0, 0.09, 1));
                }
                seen.add(new Measurement.Position(
                        60 * random.nextDouble() - 30, 60 * random.nextDouble() - 30, 0.09, 0, 0.09, 1));
                double at = sensor.equals("cam") ? 0 : -20;
                out.add(new Scan(
                        sensor, 0, k, ObservationTime.at(t, "sim"), Origin.SIMULATED, at, 0, seen, "", "simulated"));
            }
        }
        return out;
    }
}
