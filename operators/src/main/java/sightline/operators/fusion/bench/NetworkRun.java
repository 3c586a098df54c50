package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import sightline.config.contract.Codecs;
import sightline.config.domain.Belief;
import sightline.config.domain.Scan;
import sightline.config.site.Site;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;

/** One run of one condition: a yard, its network of nodes, and a central filter beside it. */
final class NetworkRun {
    private static final int TICKS = 400;
    private static final int WARM_UP = 60;
    private static final int WALKERS = 8;

    private record Message(int to, byte[] bytes) {}

    private final NetworkBench.Condition condition;
    private final Yard yard;
    private final SplittableRandom fate;
    private final List<FusionNode> nodes = new ArrayList<>();
    private final FusionNode central;
    private final TreeMap<Long, List<Message>> mail = new TreeMap<>();
    private final Site site;
    private int alive;
    private long sentBytes;
    private long scanBytes;
    private long sentTicks;

    NetworkRun(NetworkBench.Condition condition, long seed) {
        this.condition = condition;
        alive = condition.nodes();
        site = Yard.site(alive, false);
        yard = new Yard(WALKERS, alive, seed);
        fate = new SplittableRandom(~seed);
        FusionSettings settings =
                YardNodes.settings().withLag(condition.lagTicks()).withRule(condition.rule());
        for (String name : site.nodes()) {
            nodes.add(new FusionNode(site, name, 1, settings));
        }
        central =
                new FusionNode(Yard.site(alive, true), "hub", 1, settings.withRule(FusionSettings.Rule.SPLIT_PRODUCT));
    }

    void play(NetworkTally tally) {
        for (long tick = 1; tick <= TICKS; tick++) {
            if (tick == TICKS / 3) {
                alive = condition.nodes() - condition.deadNodes();
            }
            List<Scan> scans = yard.advance(tick);
            for (int s = 0; s < alive; s++) {
                nodes.get(s).onScan(scans.get(s));
                scanBytes += Codecs.SCAN.encode(scans.get(s)).length;
                central.onScan(scans.get(s));
            }
            central.tick(tick);
            for (int from = 0; from < alive; from++) {
                for (Belief belief : nodes.get(from).tick(tick)) {
                    byte[] bytes = Codecs.BELIEF.encode(belief);
                    sentBytes += bytes.length;
                    sentTicks++;
                    pass(from, bytes, tick);
                }
            }
            deliver(tick);
            for (int i = 0; i < alive; i++) {
                heal(nodes.get(i));
            }
            if (tick > WARM_UP) {
                for (int i = 0; i < alive; i++) {
                    tally.add(nodes.get(i).fused(), central.fused(), yard, alive);
                }
            }
        }
        tally.traffic((double) sentBytes, (double) scanBytes, sentTicks * Yard.TICK * 1e-9);
    }

    /** Sends along both edges of the ring. */
    private void pass(int from, byte[] bytes, long tick) {
        for (int step : new int[] {1, nodes.size() - 1}) {
            int to = (from + step) % nodes.size();
            int copies = fate.nextDouble() < condition.copies() ? 2 : 1;
            for (int c = 0; c < copies; c++) {
                if (fate.nextDouble() >= condition.loss()) {
                    long at = tick + (condition.delayTicks() == 0 ? 0 : fate.nextInt(condition.delayTicks() + 1));
                    mail.computeIfAbsent(at, t -> new ArrayList<>()).add(new Message(to, bytes));
                }
            }
        }
    }

    private void deliver(long tick) {
        List<Message> due = mail.remove(tick);
        while (due != null) {
            for (Message message : due) {
                if (message.to() < alive) {
                    FusionNode.Outcome outcome =
                            nodes.get(message.to()).onBelief(Codecs.BELIEF.decode(message.bytes()));
                    if (outcome == FusionNode.Outcome.ACCEPTED || outcome == FusionNode.Outcome.LATE) {
                        pass(message.to(), message.bytes(), tick);
                    }
                }
            }
            due = mail.remove(tick);
        }
    }

    private void heal(FusionNode node) {
        node.dissent().ifPresent(name -> {
            FusionNode peer = nodes.get(site.nodes().indexOf(name));
            node.adopt(peer.snapshot());
        });
    }
}
