package sightline.operators.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sightline.config.domain.Scan;

class SceneReplayTest {
    private static final Network SCENE = new Network(3, FusionSettings.standard(), (a, b) -> true);

    private static List<Scan> recording(long seed) {
        Random random = new Random(seed);
        List<Scan> out = new ArrayList<>();
        for (long tick = 1; tick <= 60; tick++) {
            for (int s = 0; s < 3; s++) {
                out.add(SCENE.scan(s, tick, 0.1 * tick + 0.3 * random.nextGaussian(), 0.3 * random.nextGaussian()));
            }
        }
        return out;
    }

    private static SceneReplay replay(List<Scan> scans, List<Fused> pictures) {
        SceneReplay replay = new SceneReplay(SCENE.site, FusionSettings.standard(), pictures::add);
        scans.forEach(replay::offer);
        replay.finish();
        return replay;
    }

    @Test
    void aReplayGivesTheSameDigestToTheLastBit() {
        List<Fused> pictures = new ArrayList<>();
        SceneReplay first = replay(recording(1), pictures);
        assertThat(first.ticks()).isEqualTo(60);
        assertThat(pictures.getLast().tracks()).hasSize(1);
        assertThat(replay(recording(1), new ArrayList<>()).digest()).isEqualTo(first.digest());
    }

    @Test
    void anotherRecordingGivesAnotherDigest() {
        assertThat(replay(recording(1), new ArrayList<>()).digest())
                .isNotEqualTo(replay(recording(2), new ArrayList<>()).digest());
    }

    @Test
    void copiesOfScansChangeNoDigest() {
        List<Scan> doubled = new ArrayList<>();
        recording(1).forEach(scan -> {
            doubled.add(scan);
            doubled.add(scan);
        });
        SceneReplay twice = replay(doubled, new ArrayList<>());
        assertThat(twice.outcomes()).containsEntry(FusionNode.Outcome.DUPLICATE, 180);
        assertThat(twice.digest())
                .isEqualTo(replay(recording(1), new ArrayList<>()).digest());
    }
}
