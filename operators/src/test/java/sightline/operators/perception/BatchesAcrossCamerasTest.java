package sightline.operators.perception;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sightline.config.domain.Frame;
import sightline.kernels.reference.ReferenceEngine;
import sightline.operators.pool.Picture;
import sightline.operators.pool.StillFrame;

/** Frames of many cameras as few runs, where the engine gains from that; what is found is the same. */
class BatchesAcrossCamerasTest {
    private final BatchingEngine engine = new BatchingEngine(new ReferenceEngine());
    private final Networks networks = Squares.on(engine);

    private static Frame frame(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int width = seed % 3 == 0 ? 8 : 16;
        byte[] rgb = new byte[3 * width * 24 - 3 * width * width];
        random.nextBytes(rgb);
        return StillFrame.of(new Picture(width, 24 - width, rgb));
    }

    private List<float[]> answers(List<Frame> frames) {
        float[][] all = new float[frames.size()][];
        networks.run(frames, Squares::place, (i, placement, outputs, slot) -> {
            int each = 3 * 8 * 8;
            all[i] = Arrays.copyOfRange(outputs.get("y"), slot * each, (slot + 1) * each);
        });
        return List.of(all);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "4, 4", "11, 4", "17, 16", "40, 32"})
    void eachFrameGetsTheAnswerThatItWouldGetAlone(int count, int largest) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(frame(1 + 3 * (i / 2) + i % 2 * 2));
        }
        List<float[]> alone = answers(frames);
        assertThat(engine.compiled()).containsOnly(1);
        engine.compiled().clear();
        engine.pays(32);
        List<float[]> together = answers(frames);
        for (int i = 0; i < count; i++) {
            assertThat(together.get(i)).containsExactly(alone.get(i));
        }
        assertThat(engine.compiled().stream().mapToInt(n -> n).max().orElse(1)).isEqualTo(largest);
        networks.close();
    }

    @Test
    void anEngineThatGainsNothingAnyMoreIsGivenOneAtATime() {
        engine.pays(32);
        answers(List.of(frame(1), frame(2)));
        engine.pays(1);
        answers(List.of(frame(1), frame(2)));
        assertThat(engine.compiled()).containsExactly(4, 1);
        networks.close();
    }
}
