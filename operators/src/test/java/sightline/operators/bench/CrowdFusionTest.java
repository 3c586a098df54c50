package sightline.operators.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sightline.operators.phd.ReplayWindow.Outcome;

class CrowdFusionTest {
    private static final int CAMERAS = 20;
    private static final int EXPOSURES = 4;

    @Test
    void everyScanIsFusedOnceInWhateverOrderItComes() {
        List<Outcome> outcomes = new CopyOnWriteArrayList<>();
        try (CrowdFusion fusion = new CrowdFusion(CAMERAS, EXPOSURES)) {
            for (int exposure = 0; exposure < EXPOSURES; exposure++) {
                for (int camera = CAMERAS - 1; camera >= 0; camera--) {
                    fusion.fuse(camera, exposure, outcomes::add);
                }
            }
            IntStream.range(0, CAMERAS).forEach(camera -> fusion.fuse(camera, EXPOSURES - 1, outcomes::add));
        }
        assertThat(outcomes).hasSize(CAMERAS * (EXPOSURES + 1));
        assertThat(outcomes.stream().filter(Outcome.DUPLICATE::equals)).hasSize(CAMERAS);
        assertThat(outcomes).contains(Outcome.REPLAYED).doesNotContain(Outcome.TOO_LATE);
    }
}
