package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.config.domain.Belief;
import sightline.config.domain.Contribution;
import sightline.config.domain.Origin;
import sightline.config.domain.Receipt;
import sightline.config.domain.Track;
import sightline.operators.phd.Support;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;

/**
 * The common picture of a tick.
 *
 * @param tick scene tick
 * @param priorDigest digest of the frozen tick it starts from
 * @param tracks confirmed tracks with receipts
 * @param table all hypotheses, also those that nobody would call a track yet; live, not to be changed
 * @param peers nodes whose beliefs were multiplied, this one among them
 * @param aliens nodes whose beliefs were folded in conservatively
 * @param missing nodes of the roster that were not heard
 * @param origin least real origin of the evidence
 */
public record Fused(
        long tick,
        String priorDigest,
        List<Track> tracks,
        List<TrackHypothesis> table,
        List<String> peers,
        List<String> aliens,
        List<String> missing,
        Origin origin) {
    private static final long RECENT_TICKS_NANOS = 500_000_000L;

    static Fused of(
            String scene,
            long tick,
            long nanos,
            List<TrackHypothesis> table,
            Prior prior,
            List<Belief> kin,
            List<Belief> aliens,
            List<String> missing,
            LocalShare local,
            String node,
            Origin origin) {
        List<String> peers = kin.stream().map(Belief::node).toList();
        List<String> others = aliens.stream().map(Belief::node).toList();
        List<Contribution> fromPeers = new ArrayList<>();
        for (Belief belief : kin) {
            if (!belief.node().equals(node)) {
                fromPeers.addAll(belief.contributions());
            }
        }
        for (Belief belief : aliens) {
            for (Contribution c : belief.contributions()) {
                fromPeers.add(new Contribution(
                        c.sensor(),
                        c.node(),
                        c.sequence(),
                        c.exposureNanos(),
                        c.status(),
                        "from another prior, folded in conservatively",
                        c.model(),
                        c.calibration()));
            }
        }
        Map<TrackLabel, TrackHypothesis> own = new HashMap<>();
        local.share().forEach(track -> own.put(track.label(), track));
        Map<TrackLabel, Double> absenceBefore = new HashMap<>();
        prior.tracks().forEach(track -> absenceBefore.put(track.label(), track.logAbsence()));
        List<String> spoken = new ArrayList<>(peers);
        spoken.addAll(others);
        List<Track> tracks = new ArrayList<>();
        for (TrackHypothesis t : table) {
            if (!t.confirmed()) {
                continue;
            }
            List<Contribution> contributions = new ArrayList<>();
            boolean seen =
                    own.containsKey(t.label()) && support(own.get(t.label()).support(), node, nanos, contributions);
            contributions.addAll(fromPeers);
            Double before = absenceBefore.get(t.label());
            boolean coasting = !seen && before != null && t.logAbsence() >= before;
            tracks.add(track(
                    t,
                    scene,
                    tick,
                    nanos,
                    coasting ? Track.Phase.COASTING : Track.Phase.CONFIRMED,
                    new Receipt(contributions, spoken, missing, prior.digest()),
                    origin));
        }
        return new Fused(tick, prior.digest(), List.copyOf(tracks), table, peers, others, List.copyOf(missing), origin);
    }

    private static boolean support(Support support, String node, long nanos, List<Contribution> out) {
        boolean seen = false;
        for (int i = 0; i < support.size(); i++) {
            boolean detected = support.detectedNanos(i) >= support.missedNanos(i);
            long when = Math.max(support.detectedNanos(i), support.missedNanos(i));
            seen |= support.detectedNanos(i) > nanos - RECENT_TICKS_NANOS;
            out.add(new Contribution(
                    support.sensor(i),
                    node,
                    0,
                    when,
                    detected ? Contribution.Status.DETECTED : Contribution.Status.MISSED,
                    "",
                    "",
                    ""));
        }
        return seen;
    }

    private static Track track(
            TrackHypothesis t, String scene, long tick, long nanos, Track.Phase phase, Receipt receipt, Origin origin) {
        int mode = t.where().mode();
        double[] state = new double[4];
        double[] covariance = new double[16];
        System.arraycopy(t.where().means(), mode * 4, state, 0, 4);
        System.arraycopy(t.where().covariances(), mode * 16, covariance, 0, 16);
        return new Track(
                scene,
                scene + "/" + t.label(),
                tick,
                nanos,
                state,
                covariance,
                Math.exp(t.logPresence()),
                Math.exp(t.logAbsence()),
                null,
                phase,
                receipt,
                origin);
    }
}
