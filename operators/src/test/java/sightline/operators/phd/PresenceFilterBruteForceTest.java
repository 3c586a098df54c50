package sightline.operators.phd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.operators.possibility.MaxMixture;

/** Presence and absence of each track against enumeration of all joint assignments. */
class PresenceFilterBruteForceTest {
    private static final double MISS = 0.2;
    private static final double FALSE_ALARM = 0.02;

    private record Case(double[] w, double[] a, double[][] place, List<Observation> seen, double[][] likelihood) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void oneTrackIsExactUnderEitherRule(long seed) {
        Random random = new Random(seed);
        for (int trial = 0; trial < 60; trial++) {
            Case c = randomCase(random, 1, random.nextInt(4), 3);
            compare(c, PresenceSettings.Exclusion.BEST_OTHER);
            compare(c, PresenceSettings.Exclusion.MAX_MARGINAL);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void overlappingTracksAreExactWithMaxMarginals(long seed) {
        Random random = new Random(seed);
        for (int trial = 0; trial < 80; trial++) {
            compare(
                    randomCase(random, 2 + random.nextInt(3), random.nextInt(4), 3),
                    PresenceSettings.Exclusion.MAX_MARGINAL);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void severalClustersAreExactToo(long seed) {
        Random random = new Random(seed);
        for (int trial = 0; trial < 40; trial++) {
            compare(randomCase(random, 4, 4, 12), PresenceSettings.Exclusion.MAX_MARGINAL);
        }
    }

    @Test
    void twoSensorsInEitherOrderGiveTheSameTrack() {
        Random random = new Random(11);
        for (int trial = 0; trial < 50; trial++) {
            Case c = randomCase(random, 1, 2, 2);
            SensorScan one = scan("one", c.seen().subList(0, 1));
            SensorScan two = scan("two", c.seen().subList(1, 2));
            TrackHypothesis forth =
                    run(c, PresenceSettings.Exclusion.MAX_MARGINAL, one, two).getFirst();
            TrackHypothesis back =
                    run(c, PresenceSettings.Exclusion.MAX_MARGINAL, two, one).getFirst();
            assertThat(forth.logPresence()).isCloseTo(back.logPresence(), within(1e-12));
            assertThat(forth.logAbsence()).isCloseTo(back.logAbsence(), within(1e-12));
        }
    }

    private static Case randomCase(Random random, int n, int m, double extent) {
        double[] w = new double[n];
        double[] a = new double[n];
        double[][] place = new double[n][];
        for (int i = 0; i < n; i++) {
            w[i] = 0.01 + random.nextDouble();
            a[i] = 0.01 + random.nextDouble();
            double top = Math.max(w[i], a[i]);
            w[i] /= top;
            a[i] /= top;
            place[i] = new double[] {extent * random.nextDouble(), extent * random.nextDouble()};
        }
        List<Observation> seen = new ArrayList<>();
        double[][] likelihood = new double[n][m];
        for (int j = 0; j < m; j++) {
            double x = extent * random.nextDouble();
            double y = extent * random.nextDouble();
            seen.add(new Observation.Position(x, y, 1, 0, 1, Math.log(FALSE_ALARM)));
            for (int i = 0; i < n; i++) {
                likelihood[i][j] = Math.exp(-0.5 * (Math.pow(x - place[i][0], 2) + Math.pow(y - place[i][1], 2)));
            }
        }
        return new Case(w, a, place, seen, likelihood);
    }

    private static void compare(Case c, PresenceSettings.Exclusion rule) {
        List<TrackHypothesis> got = run(c, rule, scan("s", c.seen()));
        int n = c.w().length;
        for (int i = 0; i < n; i++) {
            double present = best(c, 0, 0, i, true);
            double absent = best(c, 0, 0, i, false);
            double top = Math.max(present, absent);
            assertThat(Math.exp(got.get(i).logPresence())).isCloseTo(present / top, within(1e-8));
            assertThat(Math.exp(got.get(i).logAbsence())).isCloseTo(absent / top, within(1e-8));
        }
    }

    private static SensorScan scan(String sensor, List<Observation> seen) {
        return new SensorScan(
                sensor, 0, 0, Coverage.of(FieldOfView.EVERYWHERE, 1 - MISS), Double.NEGATIVE_INFINITY, seen);
    }

    private static List<TrackHypothesis> run(Case c, PresenceSettings.Exclusion rule, SensorScan... scans) {
        PresenceSettings settings = new PresenceSettings(1e6, 9, 50, 0, -1e6, 0, -1e6, 0, 0.3, 0.3, 10, rule, 1000);
        PresenceFilter filter = new PresenceFilter(
                settings, new ConstantVelocity(1, ConstantVelocity.Kind.CONTINUOUS), LabelSource.counting("n", 1));
        for (int i = 0; i < c.w().length; i++) {
            MaxMixture where = new MaxMixture(4);
            where.add(
                    0,
                    new double[] {c.place()[i][0], c.place()[i][1], 0, 0},
                    0,
                    new double[] {1e-12, 0, 0, 0, 0, 1e-12, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1},
                    0);
            filter.add(
                    new TrackHypothesis(new TrackLabel("n", 1, i), 0, Math.log(c.w()[i]), Math.log(c.a()[i]), where));
        }
        for (SensorScan scan : scans) {
            filter.update(scan);
        }
        return filter.tracks();
    }

    /** Best joint credibility with track {@code fixed} present or absent. */
    private static double best(Case c, int track, int used, int fixed, boolean present) {
        int m = c.seen().size();
        if (track == c.w().length) {
            return Math.pow(FALSE_ALARM, m - Integer.bitCount(used));
        }
        double value = 0;
        if (track != fixed || !present) {
            value = c.a()[track] * best(c, track + 1, used, fixed, present);
        }
        if (track != fixed || present) {
            value = Math.max(value, c.w()[track] * MISS * best(c, track + 1, used, fixed, present));
            for (int j = 0; j < m; j++) {
                if ((used >> j & 1) == 0) {
                    value = Math.max(
                            value,
                            c.w()[track]
                                    * c.likelihood()[track][j]
                                    * best(c, track + 1, used | 1 << j, fixed, present));
                }
            }
        }
        return value;
    }
}
