package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.fusion.Consensus;
import sightline.operators.fusion.TrackFusion;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.PresenceSettings;
import sightline.operators.phd.PresenceState;
import sightline.operators.phd.TrackHypothesis;

/** One node a sensor on a ring, each with a table of its own and a few rounds of consensus after every step. */
final class OwnTables implements Contender {
    private final PresenceParts parts;
    private final Column column;
    private final int rounds;
    private final boolean[][] ring;
    private final List<PresenceFilter> nodes = new ArrayList<>();
    private final List<LabelSource.Counting> places = new ArrayList<>();
    private final Consensus consensus;

    OwnTables(PresenceParts parts, Column column, int rounds, Consensus.Weights weights, double logAgreement) {
        this.parts = parts;
        this.column = column;
        this.rounds = rounds;
        int n = column.sensors();
        ring = new boolean[n][n];
        for (int s = 0; s < n; s++) {
            nodes.add(parts.filter("n" + s, 1));
            places.add(LabelSource.counting("place", 1));
            ring[s][(s + 1) % n] = n > 1;
            ring[(s + 1) % n][s] = n > 1;
        }
        PresenceSettings s = parts.settings();
        consensus =
                new Consensus(new TrackFusion(60, s.terms(), s.termRadius(), s.logTermPrune()), weights, logAgreement);
    }

    @Override
    public List<List<double[]>> step(int step, List<List<Observation>> seen) {
        List<List<TrackHypothesis>> tables = new ArrayList<>();
        for (int s = 0; s < nodes.size(); s++) {
            PresenceFilter node = nodes.get(s);
            node.predictTo(PresenceParts.nanos(step));
            PresenceParts.births(node, places.get(s), PresenceParts.nanos(step));
            node.update(parts.scan(column, step, s, seen.get(s)));
            node.reduce();
            tables.add(node.save().tracks());
        }
        for (int round = 0; round < rounds; round++) {
            tables = consensus.round(tables, ring);
        }
        for (int s = 0; s < nodes.size(); s++) {
            PresenceFilter node = nodes.get(s);
            node.restore(
                    new PresenceState(PresenceParts.nanos(step), node.save().labelMark(), tables.get(s)));
            node.reduce();
        }
        return List.of(PresenceParts.read(nodes.getFirst().tracks()));
    }
}
