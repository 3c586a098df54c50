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
import sightline.operators.canvas.Plot;
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
    static final double WEST = -3;
    static final double SOUTH = -9;
    static final double EAST = 9;
    static final double NORTH = 27;
    /** Similarity from which a track counts for a person: half a metre, where it is 0 at a metre. */
    static final double THRESHOLD = 0.5;

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
    public record Picture(List<TruthPoint> truth, List<Track> tracks) {
        MatchFrame frame() {
            return MatchFrame.points(
                    truth.stream().map(TruthPoint::object).toList(),
                    truth.stream().map(t -> new double[] {t.east(), t.north()}).toList(),
                    tracks.stream().map(Track::id).toList(),
                    tracks.stream().map(Track::state).toList(),
                    1);
        }
    }

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
            }
        }
        List<MatchFrame> frames = pictures.stream().map(Picture::frame).toList();
        Result result = new Result(
                nodes, ClearMot.of(frames, THRESHOLD), IdentityScore.of(frames, THRESHOLD), Hota.of(frames), pictures);
        progress.accept(row(result));
        return result;
    }

    private static FusionSettings settings() {
        PresenceSettings people = new PresenceSettings(
                25,
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
                title(r),
                100 * r.clear().moda(),
                100 * r.clear().mota(),
                100 * r.identity().f1(),
                100 * r.hota().hota(),
                r.clear().misses(),
                r.clear().falses(),
                r.clear().switches(),
                r.clear().truths());
    }

    /** Pictures of the results side by side: the last instant, and all errors. */
    public static Plot plot(List<Result> results) {
        return WildtrackPlot.of(results);
    }

    static String title(Result result) {
        return result.nodes() == 1 ? "central" : result.nodes() + " nodes";
    }
}
