package sightline.operators.fusion.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import reactor.core.scheduler.Schedulers;
import sightline.config.contract.Codecs;
import sightline.config.domain.Belief;
import sightline.config.domain.Detections;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.domain.TruthPoint;
import sightline.config.site.Site;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;
import sightline.operators.fusion.ScoreTrust;
import sightline.operators.metrics.ClearMot;
import sightline.operators.metrics.Hota;
import sightline.operators.metrics.IdentityScore;
import sightline.operators.metrics.MatchFrame;
import sightline.operators.phd.ConstantVelocity;
import sightline.operators.phd.PresenceSettings;
import sightline.sensors.dataset.Wildtrack;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.GroundProjector;
import sightline.sensors.scene.BoxPerturbation;

/**
 * WILDTRACK: seven cameras, boxes from perturbed ground truth (fusion only, no detector), scored on the ground at half a
 * metre over the last forty of four hundred instants; settings were chosen on the first 360. Central, or one node a
 * camera with beliefs over the wire format around a ring.
 */
public final class WildtrackBench {
    private static final double WEST = -3;
    private static final double SOUTH = -9;
    private static final double EAST = 9;
    private static final double NORTH = 27;

    /**
     * One row.
     *
     * @param nodes 1 for central
     * @param clear CLEAR-MOT at half a metre
     * @param identity identity scores at half a metre
     * @param hota on points, similarity 0 at one metre
     * @param pictures what the first node held at each scored instant
     */
    public record Result(int nodes, ClearMot clear, IdentityScore identity, Hota hota, List<Picture> pictures) {}

    /**
     * Truth and tracks at one instant.
     *
     * @param truth where people are
     * @param tracks what the node says
     */
    public record Picture(List<TruthPoint> truth, List<Track> tracks) {}

    private WildtrackBench() {}

    /**
     * @param folder of the data set
     * @param nodes 1 for central
     * @param from first scored instant
     * @param to end of the scored instants
     * @param seed of the detector's errors
     */
    public static Result run(Path folder, int nodes, int from, int to, long seed, Consumer<String> progress) {
        Wildtrack data = Wildtrack.open(folder);
        Site site = data.site(nodes, 0.85, 0.3);
        List<FusionNode> network = new ArrayList<>();
        for (String name : site.nodes()) {
            network.add(new FusionNode(site, name, 1, settings()));
        }
        List<List<Detections>> cameras = new ArrayList<>();
        List<GroundProjector> ground = new ArrayList<>();
        for (int c = 0; c < data.calibrations().size(); c++) {
            cameras.add(data.detections(c, BoxPerturbation.TYPICAL, seed, 0, Schedulers.immediate())
                    .open()
                    .take(to)
                    .collectList()
                    .block());
            ground.add(new GroundProjector(CameraModel.of(data.calibrations().get(c))));
        }
        List<MatchFrame> frames = new ArrayList<>();
        List<Picture> pictures = new ArrayList<>();
        for (int k = 0; k < to; k++) {
            for (int c = 0; c < cameras.size(); c++) {
                Scan scan = ground.get(c).place(cameras.get(c).get(k));
                network.get(c % nodes).onScan(scan);
            }
            tick(network, k);
            if (k >= from) {
                List<TruthPoint> truth = data.truth(k, 0);
                List<Track> tracks = network.getFirst().fused().tracks().stream()
                        .filter(t -> t.east() >= WEST && t.east() <= EAST && t.north() >= SOUTH && t.north() <= NORTH)
                        .toList();
                pictures.add(new Picture(truth, tracks));
                frames.add(MatchFrame.points(
                        truth.stream().map(TruthPoint::object).toList(),
                        truth.stream()
                                .map(t -> new double[] {t.east(), t.north()})
                                .toList(),
                        tracks.stream().map(Track::id).toList(),
                        tracks.stream().map(Track::state).toList(),
                        1));
            }
        }
        Result result =
                new Result(nodes, ClearMot.of(frames, 0.5), IdentityScore.of(frames, 0.5), Hota.of(frames), pictures);
        progress.accept(row(result));
        return result;
    }

    private static FusionSettings settings() {
        PresenceSettings people = new PresenceSettings(
                16,
                9,
                4,
                1,
                Math.log(1e-3),
                2,
                Math.log(1e-7),
                0.01,
                0.1,
                0.5,
                1,
                PresenceSettings.Exclusion.MAX_MARGINAL,
                1000);
        return FusionSettings.standard()
                .withLag(1)
                // The perturbation's scores are a model of their own; the shipped detector's law is not theirs.
                .withTrust(ScoreTrust.ALL)
                .withFilter(people)
                .withMotion(new ConstantVelocity(0.3, ConstantVelocity.Kind.CONTINUOUS));
    }

    private static void tick(List<FusionNode> network, long tick) {
        List<byte[]> said = new ArrayList<>();
        for (FusionNode node : network) {
            for (Belief belief : node.tick(tick)) {
                said.add(Codecs.BELIEF.encode(belief));
            }
        }
        // Flooding on a connected graph without faults: everybody gets everything once.
        for (byte[] message : said) {
            Belief belief = Codecs.BELIEF.decode(message);
            network.forEach(node -> node.onBelief(belief));
        }
    }

    public static String markdown(List<Result> results) {
        StringBuilder out = new StringBuilder("""
            WILDTRACK, from perturbed ground truth, fusion only

            | nodes | MODA | MOTA | IDF1 | HOTA | misses | false | switches | of |
            |---|---|---|---|---|---|---|---|---|
            """);
        results.forEach(result -> out.append(row(result)).append('\n'));
        return out.toString();
    }

    private static String row(Result r) {
        return String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f | %.1f | %d | %d | %d | %d |",
                r.nodes() == 1 ? "central" : r.nodes() + " nodes",
                100 * r.clear().moda(),
                100 * r.clear().mota(),
                100 * r.identity().f1(),
                100 * r.hota().hota(),
                r.clear().misses(),
                r.clear().falses(),
                r.clear().switches(),
                r.clear().truths());
    }

    /** A plan of the square: truth as rings, tracks as dots with their 95 % cuts and paths. */
    public static String svg(Result result) {
        SvgPlan plan = new SvgPlan(WEST - 1, SOUTH - 1, EAST + 1, NORTH + 1, 22);
        List<Picture> pictures = result.pictures();
        for (Picture picture : pictures) {
            for (Track t : picture.tracks()) {
                plan.dot(t.east(), t.north(), 0.05, SvgPlan.colour(t.id()), 0.6);
            }
        }
        Picture last = pictures.getLast();
        for (TruthPoint p : last.truth()) {
            plan.ring(p.east(), p.north(), 0.25, "#222");
        }
        for (Track t : last.tracks()) {
            double[] c = t.covariance();
            plan.ellipse(t.east(), t.north(), c[0], c[1], c[5], -2 * Math.log(0.05), SvgPlan.colour(t.id()));
            plan.dot(t.east(), t.north(), 0.12, SvgPlan.colour(t.id()), 1);
        }
        plan.title((result.nodes() == 1 ? "Central" : result.nodes() + " nodes")
                + ": tracks (dots, 95 % cuts) and people (rings)");
        return plan.finish();
    }
}
