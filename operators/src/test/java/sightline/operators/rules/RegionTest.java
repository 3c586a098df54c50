package sightline.operators.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.site.GroundPoint;

class RegionTest {
    private static final Region SQUARE = new Region(Walk.SQUARE.outline());

    @Test
    void wellInsideIsNecessaryAndWellOutsideImpossible() {
        assertThat(SQUARE.holds(0, 0, 0.01, 0, 0.01).necessity()).isGreaterThan(0.999);
        assertThat(SQUARE.holds(5, 0, 0.01, 0, 0.01).possibility()).isLessThan(0.001);
    }

    @Test
    void onTheBoundaryBothAreFullyPossible() {
        Credence edge = SQUARE.holds(2, 0, 0.25, 0, 0.25);
        assertThat(edge.possibility()).isEqualTo(1, within(1e-9));
        assertThat(edge.necessity()).isZero();
    }

    @Test
    void oneSigmaInsideTheNecessityIsThatOfTheAlphaCutThatFits() {
        Credence inside = SQUARE.holds(1, 0, 1, 0, 0.0001);
        assertThat(inside.necessity()).isEqualTo(1 - Math.exp(-0.5), within(1e-9));
    }

    /** The closed form against the supremum over a fine grid, for ragged polygons and tilted ellipses. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theClosedFormIsTheSupremumOverTheSet(long seed) {
        var random = new Random(seed);
        List<GroundPoint> star = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            double radius = 1 + 2 * random.nextDouble();
            star.add(new GroundPoint(radius * Math.cos(i * 0.698), radius * Math.sin(i * 0.698)));
        }
        Region region = new Region(star);
        double e = 6 * random.nextDouble() - 3;
        double n = 6 * random.nextDouble() - 3;
        double a = 0.3 + random.nextDouble();
        double c = 0.3 + random.nextDouble();
        double b = (random.nextDouble() - 0.5) * Math.sqrt(a * c);
        double insideSup = 0;
        double outsideSup = 0;
        double det = a * c - b * b;
        for (double x = -5; x <= 5; x += 0.02) {
            for (double y = -5; y <= 5; y += 0.02) {
                double dx = x - e;
                double dy = y - n;
                double pi = Math.exp(-0.5 * (c * dx * dx - 2 * b * dx * dy + a * dy * dy) / det);
                if (region.contains(x, y)) {
                    insideSup = Math.max(insideSup, pi);
                } else {
                    outsideSup = Math.max(outsideSup, pi);
                }
            }
        }
        Credence exact = region.holds(e, n, a, b, c);
        assertThat(exact.possibility()).isEqualTo(insideSup, within(0.03));
        assertThat(exact.necessity()).isEqualTo(1 - outsideSup, within(0.03));
    }
}
