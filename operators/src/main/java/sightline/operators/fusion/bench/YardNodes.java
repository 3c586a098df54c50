package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.config.contract.Codecs;
import sightline.config.domain.Belief;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.site.Site;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;
import sightline.operators.phd.ConstantVelocity;

/** Fusion nodes in the yard in lockstep, beliefs as bytes of the wire format. */
final class YardNodes implements PartialViews.Method {
    private final Site site;
    private final List<FusionNode> nodes = new ArrayList<>();

    private YardNodes(Site site, FusionSettings settings) {
        this.site = site;
        for (String name : site.nodes()) {
            nodes.add(new FusionNode(site, name, 1, settings));
        }
    }

    static FusionSettings settings() {
        return FusionSettings.standard()
                .withLag(1)
                .withMotion(new ConstantVelocity(1.3 * Yard.ACCELERATION, ConstantVelocity.Kind.CONTINUOUS));
    }

    static YardNodes central(FusionSettings settings) {
        return new YardNodes(Yard.site(Yard.NODES, true), settings);
    }

    static YardNodes network(FusionSettings settings) {
        return new YardNodes(Yard.site(Yard.NODES, false), settings);
    }

    @Override
    public List<double[]> tick(long tick, List<Scan> scans) {
        for (int s = 0; s < scans.size(); s++) {
            nodes.get(s % site.nodes().size()).onScan(scans.get(s));
        }
        List<byte[]> said = new ArrayList<>();
        for (FusionNode node : nodes) {
            for (Belief belief : node.tick(tick)) {
                said.add(Codecs.BELIEF.encode(belief));
            }
        }
        for (byte[] message : said) {
            Belief belief = Codecs.BELIEF.decode(message);
            nodes.forEach(node -> node.onBelief(belief));
        }
        return nodes.getFirst().fused().tracks().stream().map(Track::state).toList();
    }
}
