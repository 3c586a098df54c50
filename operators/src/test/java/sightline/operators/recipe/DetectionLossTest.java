package sightline.operators.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.ObjectClass;
import sightline.operators.pool.Target;

class DetectionLossTest {
    private static final int CLASSES = 6;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void overlapGradientAgreesWithCentralDifferences(long seed) {
        Random random = new Random(seed);
        var loss = new OverlapLoss();
        double[] box = box(random);
        double[] truth = box(random);
        loss.of(box, truth);
        double[] gradient = loss.gradient.clone();
        for (int side = 0; side < 4; side++) {
            double[] up = box.clone();
            double[] down = box.clone();
            up[side] += 1e-6;
            down[side] -= 1e-6;
            double slope = (loss.of(up, truth) - loss.of(down, truth)) / 2e-6;
            assertThat(gradient[side]).isCloseTo(slope, within(1e-6));
        }
    }

    /** Where the assignment does not change, the gradient is that of the loss with grades held fixed. */
    @Test
    void classGradientAgreesWithCentralDifferencesUnderAFixedAssignment() {
        List<HeadLevel> levels = levels(7);
        List<List<Target>> targets = targets();
        var loss = new DetectionLoss(CLASSES);
        loss.compute(levels, targets, 1);
        HeadLevel level = levels.getFirst();
        float[] gradient = level.scoreGradient().clone();
        for (int at = 0; at < gradient.length; at += 17) {
            float x = level.scores()[at];
            level.scores()[at] = x + 1e-2f;
            double up = loss.compute(levels, targets, 1).get("loss");
            level.scores()[at] = x - 1e-2f;
            double down = loss.compute(levels, targets, 1).get("loss");
            level.scores()[at] = x;
            assertThat((double) gradient[at]).isCloseTo((up - down) / 2e-2, within(2e-4));
        }
    }

    @Test
    void boxGradientAgreesWithCentralDifferencesUnderAFixedAssignment() {
        List<HeadLevel> levels = levels(8);
        List<List<Target>> targets = targets();
        var loss = new DetectionLoss(CLASSES);
        loss.compute(levels, targets, 1);
        int checked = 0;
        for (HeadLevel level : levels) {
            float[] gradient = level.boxGradient().clone();
            for (int at = 0; at < gradient.length; at++) {
                if (gradient[at] != 0) {
                    float x = level.boxes()[at];
                    level.boxes()[at] = x + 1e-3f;
                    double up = loss.compute(levels, targets, 1).get("loss");
                    level.boxes()[at] = x - 1e-3f;
                    double down = loss.compute(levels, targets, 1).get("loss");
                    level.boxes()[at] = x;
                    assertThat((double) gradient[at]).isCloseTo((up - down) / 2e-3, within(2e-3));
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(10);
    }

    @Test
    void anIgnoredObjectIsNoCounterExampleOfItsClassOnly() {
        List<HeadLevel> levels = levels(9);
        var ignored = List.of(new Target(ObjectClass.CAR, 0, 0, 64, 64, 1, true));
        new DetectionLoss(CLASSES).compute(levels, List.of(ignored, ignored), 0);
        HeadLevel level = levels.getFirst();
        int cells = level.cells();
        assertThat(level.scoreGradient()[ClassChannel.of(ObjectClass.CAR) * cells + 5])
                .isZero();
        assertThat(level.scoreGradient()[ClassChannel.of(ObjectClass.PERSON) * cells + 5])
                .isPositive();
    }

    @Test
    void anObjectSmallerThanACellIsStillLearned() {
        List<HeadLevel> levels = levels(10);
        var speck = List.of(new Target(ObjectClass.PERSON, 9, 9, 11, 11, 1, false));
        assertThat(new DetectionLoss(CLASSES)
                        .compute(levels, List.of(speck, speck), 0)
                        .get("examples"))
                .isEqualTo(1);
    }

    private static double[] box(Random random) {
        double x = random.nextDouble() * 10;
        double y = random.nextDouble() * 10;
        return new double[] {x, y, x + 3 + random.nextDouble() * 9, y + 3 + random.nextDouble() * 9};
    }

    private static List<HeadLevel> levels(long seed) {
        Random random = new Random(seed);
        List<HeadLevel> levels = List.of(HeadLevel.of(8, 8, 8, 2, CLASSES), HeadLevel.of(16, 4, 4, 2, CLASSES));
        for (HeadLevel level : levels) {
            for (int i = 0; i < level.scores().length; i++) {
                level.scores()[i] = (float) (random.nextGaussian() - 1);
            }
            for (int i = 0; i < level.boxes().length; i++) {
                level.boxes()[i] = (float) (random.nextGaussian() * 0.5);
            }
        }
        return levels;
    }

    private static List<List<Target>> targets() {
        return List.of(
                List.of(
                        new Target(ObjectClass.PERSON, 5, 6, 30, 50, 1, false),
                        new Target(ObjectClass.CAR, 33, 10, 60, 31, 0.6f, false)),
                List.of(new Target(ObjectClass.BUS, 2, 2, 60, 60, 1, false)));
    }
}
