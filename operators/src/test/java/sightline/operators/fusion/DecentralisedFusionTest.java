package sightline.operators.fusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.contract.Codecs;
import sightline.config.domain.Belief;
import sightline.config.domain.Track;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;

class DecentralisedFusionTest {
    private static final FusionSettings LOCKSTEP = FusionSettings.standard().withLag(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void nodesOnARingAgreeToTheLastBitAndKeepOneIdentity(int lag) {
        Network ring = new Network(4, FusionSettings.standard().withLag(lag), Network4::ring);
        walk(ring, 1, 60, 0.9, new Random(1));
        for (FusionNode node : ring.nodes) {
            assertThat(node.priorDigest()).isEqualTo(ring.nodes.getFirst().priorDigest());
            assertThat(node.dissent()).isEmpty();
            assertThat(node.fused().missing()).isEmpty();
            assertThat(node.fused().tracks()).hasSize(1);
            Track track = node.fused().tracks().getFirst();
            assertThat(track.id())
                    .isEqualTo(ring.nodes.getFirst().fused().tracks().getFirst().id());
            assertThat(Math.hypot(track.east() - 6, track.north())).isLessThan(1);
            assertThat(track.receipt().peers()).containsExactly("n0", "n1", "n2", "n3");
            assertThat(track.receipt().contributions()).extracting("sensor").contains("s0", "s1", "s2", "s3");
        }
    }

    @Test
    void lockstepFusionOfOneTargetEqualsTheCentralFilter() {
        Network complete = new Network(3, LOCKSTEP, (a, b) -> true);
        FusionNode central = central(3);
        Random random = new Random(5);
        for (long tick = 1; tick <= 80; tick++) {
            for (int s = 0; s < 3; s++) {
                double x = tick * 0.1 + 0.5 * random.nextGaussian();
                double y = 0.5 * random.nextGaussian();
                complete.nodes.get(s).onScan(complete.scan(s, tick, x, y));
                central.onScan(complete.scan(s, tick, x, y));
            }
            complete.tick(tick);
            central.tick(tick);
            if (tick > 20) {
                Track ours = complete.nodes.get(1).fused().tracks().getFirst();
                Track theirs = central.fused().tracks().getFirst();
                // Births differ (three against one), and what is left of that fades with the process noise.
                double tolerance = tick > 60 ? 1e-3 : 0.2;
                assertThat(ours.state()).containsExactly(theirs.state(), within(tolerance));
            }
        }
    }

    @Test
    void copiesAndEchoesChangeNothing() {
        Network once = new Network(3, LOCKSTEP, (a, b) -> true);
        Network often = new Network(3, LOCKSTEP, (a, b) -> true);
        Random one = new Random(9);
        Random two = new Random(9);
        for (long tick = 1; tick <= 40; tick++) {
            step(once, tick, 0.9, one);
            step(often, tick, 0.9, two);
            once.tick(tick);
            often.tick(tick);
            for (FusionNode from : often.nodes) {
                NodeSnapshot state = NodeSnapshot.read(from.snapshot());
                for (Kept<Belief> said : state.beliefs()) {
                    for (FusionNode to : often.nodes) {
                        assertThat(to.onBelief(said.value()))
                                .isIn(
                                        FusionNode.Outcome.DUPLICATE,
                                        FusionNode.Outcome.ECHO,
                                        FusionNode.Outcome.TOO_LATE);
                    }
                }
            }
        }
        assertThat(often.nodes.get(2).priorDigest()).isEqualTo(once.nodes.get(2).priorDigest());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2, 0.5})
    void noLossMakesAnyNodeMoreCertainThanTheCentralFilter(double loss) {
        Random fate = new Random(17);
        Network network = new Network(4, LOCKSTEP, (a, b) -> fate.nextDouble() >= loss);
        FusionNode central = central(4);
        Random random = new Random(18);
        for (long tick = 1; tick <= 60; tick++) {
            for (int s = 0; s < 4; s++) {
                double x = tick * 0.1 + 0.5 * random.nextGaussian();
                double y = 0.5 * random.nextGaussian();
                network.nodes.get(s).onScan(network.scan(s, tick, x, y));
                central.onScan(network.scan(s, tick, x, y));
            }
            network.tick(tick);
            central.tick(tick);
            for (FusionNode node : network.nodes) {
                heal(node, network);
                if (tick > 5 && !node.fused().tracks().isEmpty()) {
                    Track ours = node.fused().tracks().getFirst();
                    Track theirs = central.fused().tracks().getFirst();
                    double[] difference = new double[16];
                    for (int k = 0; k < 16; k++) {
                        difference[k] = ours.covariance()[k] - theirs.covariance()[k] + (k % 5 == 0 ? 1e-9 : 0);
                    }
                    assertThat(smallestEigenvalue(difference)).isGreaterThan(-1e-9);
                }
            }
        }
    }

    @Test
    void aDeadNodeLeavesItsShareUntouchedAndTheOthersGoOn() {
        Network network = new Network(4, LOCKSTEP, (a, b) -> true);
        Random random = new Random(3);
        walk(network, 1, 30, 0.9, random);
        String id = network.nodes.getFirst().fused().tracks().getFirst().id();
        FusionNode dead = network.nodes.removeLast();
        walk(network, 31, 60, 0.9, random);
        Track track = network.nodes.getFirst().fused().tracks().getFirst();
        assertThat(track.id()).isEqualTo(id);
        assertThat(track.receipt().missingPeers()).containsExactly("n3");
        assertThat(dead.lastTick()).isEqualTo(30);
        assertThat(network.nodes.get(1).priorDigest())
                .isEqualTo(network.nodes.get(2).priorDigest());
    }

    @Test
    void aNodeThatLostItsStateTakesAPeersPriorOverAndAgreesAgain() {
        Network network = new Network(4, LOCKSTEP, (a, b) -> true);
        Random random = new Random(4);
        walk(network, 1, 30, 0.9, random);
        network.nodes.set(3, new FusionNode(network.site, "n3", 2, LOCKSTEP));
        walk(network, 31, 31, 0.9, random);
        FusionNode fresh = network.nodes.get(3);
        assertThat(fresh.dissent()).isPresent();
        assertThat(network.nodes.getFirst().dissent()).isEmpty();
        walk(network, 32, 40, 0.9, random);
        assertThat(fresh.dissent()).isPresent();
        heal(fresh, network);
        walk(network, 41, 42, 0.9, random);
        assertThat(fresh.dissent()).isEmpty();
        assertThat(fresh.priorDigest()).isEqualTo(network.nodes.getFirst().priorDigest());
    }

    @Test
    void aNodeThatCannotSeeATargetDoesNotVoteItAway() {
        List<SensorSpec> sensors = List.of(
                new SensorSpec("s0", SensorSpec.Kind.POSITION, "n0", Optional.empty(), 0, 0, 1000, 0.9, 0.5),
                new SensorSpec("s1", SensorSpec.Kind.POSITION, "n1", Optional.empty(), 500, 0, 100, 0.9, 0.5));
        Site site = new Site("scene", List.of("n0", "n1"), sensors, List.of(), List.of(), Network.TICK);
        Network wire = new Network(2, LOCKSTEP, (a, b) -> true);
        wire.nodes.set(0, new FusionNode(site, "n0", 1, LOCKSTEP));
        wire.nodes.set(1, new FusionNode(site, "n1", 1, LOCKSTEP));
        for (long tick = 1; tick <= 30; tick++) {
            wire.nodes.get(0).onScan(wire.scan(0, tick, tick * 0.1, 0));
            wire.nodes.get(1).onScan(at(wire.scan(1, tick), 500));
            wire.tick(tick);
        }
        assertThat(wire.nodes.get(1).fused().tracks()).hasSize(1);
        assertThat(wire.nodes.get(1).fused().tracks().getFirst().absence()).isLessThan(0.01);
    }

    @Test
    void strangersAreRefused() {
        Network network = new Network(2, LOCKSTEP, (a, b) -> true);
        walk(network, 1, 3, 0.9, new Random(1));
        Belief good = Codecs.BELIEF.decode(
                Codecs.BELIEF.encode(network.nodes.get(0).tick(4).getFirst()));
        byte[] before = network.nodes.get(1).snapshot();
        Belief foreign = new Belief(
                "elsewhere",
                good.node(),
                1,
                4,
                good.tickNanos(),
                good.priorDigest(),
                0.5,
                List.of(),
                List.of(),
                good.origin());
        assertThatThrownBy(() -> network.nodes.get(1).onBelief(foreign)).isInstanceOf(IllegalArgumentException.class);
        assertThat(network.nodes.get(1).snapshot()).isEqualTo(before);
        assertThatThrownBy(() -> network.nodes.get(0).tick(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> network.nodes.get(0).onScan(network.scan(1, 9)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static sightline.config.domain.Scan at(sightline.config.domain.Scan scan, double east) {
        return new sightline.config.domain.Scan(
                scan.sensor(),
                scan.epoch(),
                scan.sequence(),
                scan.time(),
                scan.origin(),
                east,
                0,
                scan.measurements(),
                "",
                "");
    }

    private static void heal(FusionNode node, Network network) {
        node.dissent()
                .ifPresent(name -> node.adopt(
                        network.nodes.get(network.site.nodes().indexOf(name)).snapshot()));
    }

    private static FusionNode central(int sensors) {
        List<SensorSpec> specs = new java.util.ArrayList<>();
        for (int s = 0; s < sensors; s++) {
            specs.add(new SensorSpec("s" + s, SensorSpec.Kind.POSITION, "hub", Optional.empty(), 0, 0, 1000, 0.9, 0.5));
        }
        Site site = new Site("scene", List.of("hub"), specs, List.of(), List.of(), Network.TICK);
        return new FusionNode(site, "hub", 1, LOCKSTEP);
    }

    private static void walk(Network network, long from, long to, double pd, Random random) {
        for (long tick = from; tick <= to; tick++) {
            step(network, tick, pd, random);
            network.tick(tick);
        }
    }

    private static void step(Network network, long tick, double pd, Random random) {
        for (int s = 0; s < network.nodes.size(); s++) {
            double x = tick * 0.1 + 0.5 * random.nextGaussian();
            double y = 0.5 * random.nextGaussian();
            network.nodes.get(s).onScan(random.nextDouble() < pd ? network.scan(s, tick, x, y) : network.scan(s, tick));
        }
    }

    /** Jacobi rotations. */
    private static double smallestEigenvalue(double[] symmetric) {
        double[] a = symmetric.clone();
        for (int sweep = 0; sweep < 50; sweep++) {
            for (int p = 0; p < 4; p++) {
                for (int q = p + 1; q < 4; q++) {
                    if (Math.abs(a[p * 4 + q]) < 1e-18) {
                        continue;
                    }
                    double theta = 0.5 * Math.atan2(2 * a[p * 4 + q], a[q * 4 + q] - a[p * 4 + p]);
                    double c = Math.cos(theta);
                    double s = Math.sin(theta);
                    for (int k = 0; k < 4; k++) {
                        double x = a[k * 4 + p];
                        double y = a[k * 4 + q];
                        a[k * 4 + p] = c * x - s * y;
                        a[k * 4 + q] = s * x + c * y;
                    }
                    for (int k = 0; k < 4; k++) {
                        double x = a[p * 4 + k];
                        double y = a[q * 4 + k];
                        a[p * 4 + k] = c * x - s * y;
                        a[q * 4 + k] = s * x + c * y;
                    }
                }
            }
        }
        return Math.min(Math.min(a[0], a[5]), Math.min(a[10], a[15]));
    }

    /** Edges of a ring of four. */
    private static final class Network4 {
        static boolean ring(int a, int b) {
            return Math.floorMod(a - b, 4) == 1 || Math.floorMod(b - a, 4) == 1;
        }
    }
}
