package sightline.operators.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;
import sightline.operators.possibility.MaxMixture;

class ConsensusTest {
    private static final boolean[][] RING = {
        {false, true, false, true}, {true, false, true, false}, {false, true, false, true}, {true, false, true, false}
    };
    private static final boolean[][] PATH = {{false, true, false}, {true, false, true}, {false, true, false}};

    private static TrackHypothesis track(String node, double x, double variance, double logAbsence) {
        MaxMixture where = new MaxMixture(4);
        where.add(
                0,
                new double[] {x, 0, 0, 0},
                0,
                new double[] {variance, 0, 0, 0, 0, variance, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1},
                0);
        return new TrackHypothesis(new TrackLabel(node, 1, 1), 0, 0, logAbsence, where);
    }

    private static Consensus consensus(Consensus.Weights weights, double logAgreement) {
        return new Consensus(new TrackFusion(1e6, 4, 1, Math.log(1e-6)), weights, logAgreement);
    }

    @Test
    void metropolisWeightsAreDoublyStochastic() {
        for (boolean[][] graph : List.of(RING, PATH)) {
            double[][] pi = Consensus.metropolis(graph);
            for (int i = 0; i < pi.length; i++) {
                double row = 0;
                double column = 0;
                for (int j = 0; j < pi.length; j++) {
                    row += pi[i][j];
                    column += pi[j][i];
                    assertThat(pi[i][j]).isNotNegative().isEqualTo(pi[j][i]);
                }
                assertThat(row).isCloseTo(1, within(1e-15));
                assertThat(column).isCloseTo(1, within(1e-15));
            }
        }
        assertThat(Consensus.metropolis(PATH)[0]).containsExactly(new double[] {2.0 / 3, 1.0 / 3, 0}, within(1e-15));
    }

    /** After L rounds node j counts with exponent [Pi^L]_ij: information adds up with these weights. */
    @Test
    void roundsGiveEachNodeTheExponentOfThePowerOfPi() {
        List<List<TrackHypothesis>> tables =
                List.of(List.of(track("a", 0, 1, -1)), List.of(track("a", 1, 2, -2)), List.of(track("a", 3, 4, -6)));
        Consensus consensus = consensus(Consensus.Weights.METROPOLIS, Double.NEGATIVE_INFINITY);
        List<List<TrackHypothesis>> after = consensus.round(consensus.round(tables, PATH), PATH);
        double[][] pi = Consensus.metropolis(PATH);
        for (int i = 0; i < 3; i++) {
            double information = 0;
            double mean = 0;
            for (int j = 0; j < 3; j++) {
                double exponent = 0;
                for (int k = 0; k < 3; k++) {
                    exponent += pi[i][k] * pi[k][j];
                }
                double share = exponent / (j == 0 ? 1 : j == 1 ? 2 : 4);
                information += share;
                mean += share * (j == 0 ? 0 : j == 1 ? 1 : 3);
            }
            MaxMixture f = after.get(i).getFirst().where();
            assertThat(f.covariances()[0]).isCloseTo(1 / information, within(1e-12));
            assertThat(f.means()[0]).isCloseTo(mean / information, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"METROPOLIS", "LEAST_TRACE"})
    void nodesThatSayTheSameLearnNothing(String weights) {
        List<TrackHypothesis> same = List.of(track("a", 2, 3, -4));
        List<List<TrackHypothesis>> after = consensus(Consensus.Weights.valueOf(weights), Double.NEGATIVE_INFINITY)
                .round(List.of(same, same, same, same), RING);
        for (List<TrackHypothesis> table : after) {
            assertThat(table).hasSize(1);
            assertThat(table.getFirst().where().covariances()[0]).isCloseTo(3, within(1e-9));
            assertThat(table.getFirst().where().means()[0]).isCloseTo(2, within(1e-12));
            assertThat(table.getFirst().logAbsence()).isCloseTo(-4, within(1e-12));
        }
    }

    /** Two directions of sight: no exponent gives a trace smaller by more than the percent that is worth the search. */
    @Test
    void leastTraceIsTheLeast() {
        TrackHypothesis a = track("a", 0, 1, -1);
        TrackHypothesis b = track("a", 0, 1, -3);
        a.where().covariances()[0] = 9;
        b.where().covariances()[5] = 25;
        Consensus consensus = consensus(Consensus.Weights.LEAST_TRACE, Double.NEGATIVE_INFINITY);
        MaxMixture found = consensus.leastTrace(a, b, 0.5).where();
        for (int k = 1; k < 100; k++) {
            double o = k / 100.0;
            double trace = 1 / (o / 9 + (1 - o)) + 1 / (o + (1 - o) / 25);
            assertThat(found.covariances()[0] + found.covariances()[5]).isLessThan(trace / 0.99 + 1e-9);
        }
        assertThat(consensus.leastTrace(a, b, 0.5).logAbsence()).isCloseTo(-2, within(1e-12));
    }

    @Test
    void differentNamesForOnePlaceBecomeOneTrack() {
        List<List<TrackHypothesis>> tables =
                List.of(List.of(track("a", 0, 1, -2)), List.of(track("b", 0.5, 1, -2)), List.of(track("c", 40, 1, -2)));
        List<List<TrackHypothesis>> after = consensus(Consensus.Weights.METROPOLIS, Double.NEGATIVE_INFINITY)
                .round(tables, PATH);
        assertThat(after.getFirst()).hasSize(1);
        assertThat(after.getFirst().getFirst().label().node()).isEqualTo("a");
        assertThat(after.get(2)).hasSize(2);
    }

    @Test
    void neighboursOfAnotherMindAreNotListenedTo() {
        List<TrackHypothesis> one = List.of(track("a", 0, 1, -20));
        List<TrackHypothesis> two = List.of(track("a", 0, 1, -20), track("b", 9, 1, -20));
        assertThat(Cardinality.of(one).logAgreement(Cardinality.of(one))).isZero();
        assertThat(Cardinality.of(one).logAgreement(Cardinality.of(two))).isCloseTo(-10, within(1e-12));
        assertThat(Cardinality.of(two).logAt(2)).isZero();
        assertThat(Cardinality.of(two).logAt(0)).isCloseTo(-40, within(1e-12));
        List<List<TrackHypothesis>> after =
                consensus(Consensus.Weights.METROPOLIS, Math.log(0.1)).round(List.of(one, two, two), PATH);
        assertThat(after.getFirst()).hasSize(1);
        assertThat(after.get(1)).hasSize(2);
        assertThat(after.get(2).get(1).logAbsence()).isCloseTo(-20, within(1e-12));
    }
}
