package sightline.operators.fusion.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sightline.operators.fusion.FusionSettings;

class NetworkBenchTest {
    @Test
    @Tag("long")
    void copiesChangeNothingAndNoFaultMakesTheNodesDishonest() {
        FusionSettings.Rule split = FusionSettings.Rule.SPLIT_PRODUCT;
        List<NetworkBench.Result> results = NetworkBench.run(
                List.of(
                        new NetworkBench.Condition("plain", 4, split, 5, 0, 0, 0, 0),
                        new NetworkBench.Condition("copies", 4, split, 5, 0, 0, 0, 1),
                        new NetworkBench.Condition("faults", 4, split, 5, 2, 0.3, 2, 0.2),
                        new NetworkBench.Condition("half of all messages lost", 4, split, 5, 0, 0.5, 2, 0.2)),
                2,
                7,
                progress -> {});
        assertThat(results.get(1).gospa()).isEqualTo(results.getFirst().gospa());
        assertThat(results.get(1).coverage()).isEqualTo(results.getFirst().coverage());
        assertThat(results).allMatch(NetworkBench.Result::honest);
        // Beliefs without loss are twenty times the scans; ghosts that travel between nodes once made it two hundred.
        assertThat(results.getLast().share()).isLessThan(40);
        assertThat(results.getFirst().gospa())
                .isLessThan(1.2 * results.getFirst().centralGospa());
    }

    /** Until the gate lay above {@code -2 log(F_fa alpha_nd)} it was 1.1 %. */
    @Test
    void nodesInLockstepAreHardlyEverSurerThanTheCentralFilter() {
        NetworkBench.Result lockstep = NetworkBench.run(NetworkBench.standard().subList(0, 1), 1, 1, progress -> {})
                .getFirst();
        assertThat(lockstep.overconfident()).isLessThanOrEqualTo(0.01);
        assertThat(lockstep.missed()).isLessThan(0.01);
        assertThat(lockstep.honest()).isTrue();
        assertThat(lockstep.share()).isPositive();
    }

    @Test
    void timingCountsHypothesesAndBytes() {
        List<ScanTiming.Point> points = ScanTiming.run(new int[] {10}, new int[] {10}, 20, 1, progress -> {});
        assertThat(points.getFirst().tracks()).isBetween(8, 60);
        assertThat(points.getFirst().medianMicros()).isPositive();
        assertThat(ScanTiming.markdown(points)).contains("| 10 | 10 |");
    }

    @Test
    void aHundredCamerasAreServedInTheOrderOfTheirArrival() {
        CameraLoad.Result result = CameraLoad.run(1, 2, 1);
        assertThat(result.scans()).isEqualTo(3000);
        assertThat(result.p99Micros()).isGreaterThanOrEqualTo(result.medianMicros());
        assertThat(result.worstMicros()).isGreaterThanOrEqualTo(result.p99Micros());
        assertThat(CameraLoad.markdown(result)).contains("| 3000 |");
    }
}
