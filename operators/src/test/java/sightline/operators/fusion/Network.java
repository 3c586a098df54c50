package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import sightline.config.contract.Codecs;
import sightline.config.domain.Belief;
import sightline.config.domain.Measurement;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;

/** Nodes that hear each other over the wire format along the edges of a graph, each message forwarded once. */
final class Network {
    static final long TICK = 100_000_000L;

    final Site site;
    final List<FusionNode> nodes = new ArrayList<>();
    private final BiPredicate<Integer, Integer> edge;

    Network(int size, FusionSettings settings, BiPredicate<Integer, Integer> edge) {
        this.edge = edge;
        List<String> names = new ArrayList<>();
        List<SensorSpec> sensors = new ArrayList<>();
        for (int s = 0; s < size; s++) {
            names.add("n" + s);
            sensors.add(
                    new SensorSpec("s" + s, SensorSpec.Kind.POSITION, "n" + s, Optional.empty(), 0, 0, 1000, 0.9, 0.5));
        }
        site = new Site("scene", names, sensors, List.of(), List.of(), TICK);
        for (String name : names) {
            nodes.add(new FusionNode(site, name, 1, settings));
        }
    }

    /** Closes a tick at all nodes and floods the beliefs. */
    void tick(long tick) {
        List<List<byte[]>> said = new ArrayList<>();
        for (FusionNode node : nodes) {
            said.add(node.tick(tick).stream().map(Codecs.BELIEF::encode).toList());
        }
        for (int from = 0; from < nodes.size(); from++) {
            for (byte[] message : said.get(from)) {
                flood(from, Codecs.BELIEF.decode(message), new boolean[nodes.size()]);
            }
        }
    }

    void flood(int from, Belief belief, boolean[] reached) {
        reached[from] = true;
        for (int to = 0; to < nodes.size(); to++) {
            if (to != from && edge.test(from, to)) {
                FusionNode.Outcome outcome = nodes.get(to).onBelief(belief);
                if (!reached[to] && outcome != FusionNode.Outcome.ECHO) {
                    flood(to, belief, reached);
                }
            }
        }
    }

    Scan scan(int sensor, long tick, double... positions) {
        List<Measurement> seen = new ArrayList<>();
        for (int i = 0; i < positions.length; i += 2) {
            seen.add(new Measurement.Position(positions[i], positions[i + 1], 0.25, 0, 0.25, 1));
        }
        return new Scan(
                "s" + sensor, 0, tick, ObservationTime.at(tick * TICK, "sim"), Origin.SIMULATED, 0, 0, seen, "", "");
    }
}
