package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sightline.config.contract.Codecs;
import sightline.config.domain.Belief;
import sightline.operators.phd.TrackHypothesis;

/**
 * What was said since the prior, by tick and node, each belief with its table. Bounded in ticks; of a node's two beliefs
 * of one tick the later incarnation's counts.
 */
final class BeliefLog {
    /** @param table as read from the belief; nobody changes it */
    record Said(Kept<Belief> kept, List<TrackHypothesis> table) {
        Belief belief() {
            return kept.value();
        }
    }

    private final int bound;
    private final TreeMap<Long, Map<String, Said>> said = new TreeMap<>();

    /** @param bound most ticks that are kept; the oldest is given up first */
    BeliefLog(int bound) {
        this.bound = bound;
    }

    /** Whether a belief adds nothing to what its node has said for its tick. */
    boolean knows(Belief belief) {
        Said before = at(belief.tick()).get(belief.node());
        return before != null && before.belief().incarnation() >= belief.incarnation();
    }

    /** @param table what {@link BeliefTables#read} makes of the belief */
    void put(Belief belief, List<TrackHypothesis> table) {
        said.computeIfAbsent(belief.tick(), t -> new TreeMap<>())
                .put(belief.node(), new Said(new Kept<>(belief, Codecs.BELIEF), table));
        while (said.size() > bound) {
            said.pollFirstEntry();
        }
    }

    /** What was said of a tick, by node. */
    Map<String, Said> at(long tick) {
        return said.getOrDefault(tick, Map.of());
    }

    void forgetUpTo(long tick) {
        said.headMap(tick, true).clear();
    }

    void clear() {
        said.clear();
    }

    /** What a later result may still depend on: beliefs of ticks not closed before {@code tick}, and of ends of epochs. */
    List<Kept<Belief>> matteringAt(long tick, int lagTicks) {
        List<Kept<Belief>> out = new ArrayList<>();
        said.forEach((at, byNode) -> {
            if (at >= tick || at % lagTicks == 0) {
                byNode.values().forEach(one -> out.add(one.kept()));
            }
        });
        return out;
    }
}
