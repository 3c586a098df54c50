package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import sightline.config.contract.Codecs;
import sightline.config.domain.Belief;
import sightline.config.domain.Scan;
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
    private int alive = Yard.NODES;
    private long sentBytes;
    private long sentTicks;

    NetworkRun(NetworkBench.Condition condition, long seed) {
        this.condition = condition;
        yard = new Yard(WALKERS, seed);
        fate = new SplittableRandom(~seed);
        FusionSettings settings =
                YardNodes.settings().withLag(condition.lagTicks()).withRule(condition.rule());
        for (String name : Yard.site(false).nodes()) {
            nodes.add(new FusionNode(Yard.site(false), name, 1, settings));
        }
        central = new FusionNode(Yard.site(true), "hub", 1, settings.withRule(FusionSettings.Rule.SPLIT_PRODUCT));
    }

    void play(NetworkTally tally) {
        for (long tick = 1; tick <= TICKS; tick++) {
            if (tick == TICKS / 3) {
                alive = Yard.NODES - condition.deadNodes();
            }
            List<Scan> scans = yard.advance(tick);
            for (int s = 0; s < alive; s++) {
                nodes.get(s).onScan(scans.get(s));
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
                    tally.add(nodes.get(i).fused(), central.fused(), yard.walkers(), alive);
                }
            }
        }
        tally.traffic((double) sentBytes, sentTicks * Yard.TICK * 1e-9);
    }

    /** Sends along both edges of the ring. */
    private void pass(int from, byte[] bytes, long tick) {
        for (int step : new int[] {1, Yard.NODES - 1}) {
            int to = (from + step) % Yard.NODES;
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
            FusionNode peer = nodes.get(Yard.site(false).nodes().indexOf(name));
            node.adopt(peer.snapshot());
        });
    }
}
