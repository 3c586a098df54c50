package sightline.sensors.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExtentsTest {
    @Test
    void nothingThatARayHitsIsLeftOut() {
        Plaza plaza = Plaza.of(PlazaSettings.of(4));
        List<Solid> all = new Townscape(4, plaza.layout()).solids();
        double[] normal = new double[3];
        double[] ray = new double[6];
        SplittableRandom random = new SplittableRandom(1);
        long kept = 0;
        int hits = 0;
        for (SimulatedCamera camera : plaza.cameras()) {
            Eye eye = new Eye(camera.model());
            Extents extents = new Extents(eye, all);
            Solid[] candidates = new Solid[all.size()];
            for (int i = 0; i < 1500; i++) {
                int tile = random.nextInt(640 / Extents.TILE) * Extents.TILE;
                int y = random.nextInt(360);
                int count = extents.at(tile, y, candidates);
                kept += count;
                eye.ray(tile + random.nextDouble(Extents.TILE), y + random.nextDouble(), ray);
                for (Solid solid : all) {
                    if (solid.hit(ray, normal) < Double.POSITIVE_INFINITY) {
                        hits++;
                        assertThat(Arrays.asList(candidates).subList(0, count)).contains(solid);
                    }
                }
            }
        }
        assertThat(hits).isGreaterThan(3000);
        assertThat(kept / 6000.0).isLessThan(0.4 * all.size());
    }
}
