package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.List;
import sightline.config.domain.Contribution;
import sightline.config.domain.Origin;
import sightline.config.domain.Receipt;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.ReplayWindow;
import sightline.operators.phd.Support;
import sightline.operators.phd.TrackHypothesis;

/**
 * One fusion node as a synchronous state machine: scans in, fused tracks out. No threads, clocks or messages; one caller
 * at a time. Deterministic: the same calls give the same tracks.
 */
public final class FusionNode {
    private final Site site;
    private final String node;
    private final FusionSettings settings;
    private final ReplayWindow window;
    private Origin origin = Origin.LIVE;

    public FusionNode(Site site, String node, long incarnation, FusionSettings settings) {
        if (!site.nodes().contains(node)) {
            throw new IllegalArgumentException("node " + node + " is not in the roster " + site.nodes());
        }
        this.site = site;
        this.node = node;
        this.settings = settings;
        window = new ReplayWindow(
                new PresenceFilter(settings.filter(), settings.motion(), node, incarnation),
                settings.replayNanos(),
                settings.replayScans());
    }

    /**
     * Takes a scan in. Late scans within the replay window change the result exactly as in-order ones would have.
     *
     * @throws IllegalArgumentException for a sensor that is not in the roster or numbers that no filter can use; the
     *     state is untouched then
     */
    public ReplayWindow.Outcome onScan(Scan scan) {
        SensorSpec sensor = site.sensor(scan.sensor())
                .orElseThrow(() -> new IllegalArgumentException("sensor " + scan.sensor() + " is not in the roster"));
        ReplayWindow.Outcome outcome = window.offer(Observations.of(scan, sensor, settings.confirmations()));
        if (outcome == ReplayWindow.Outcome.IN_ORDER || outcome == ReplayWindow.Outcome.REPLAYED) {
            origin = origin.join(scan.origin());
        }
        return outcome;
    }

    /** Confirmed tracks as of the end of a tick, predicted there without changing the filter. */
    public List<Track> tracks(long tick) {
        long nanos = Math.max(tick * site.tickNanos(), window.filter().timeNanos());
        PresenceFilter ahead = new PresenceFilter(settings.filter(), settings.motion(), node, 0);
        ahead.restore(window.filter().save());
        ahead.predictTo(nanos);
        List<Track> out = new ArrayList<>();
        for (TrackHypothesis t : ahead.tracks()) {
            if (t.confirmed()) {
                out.add(track(t, tick, nanos));
            }
        }
        return out;
    }

    private Track track(TrackHypothesis t, long tick, long nanos) {
        int mode = t.where().mode();
        double[] state = new double[4];
        double[] covariance = new double[16];
        System.arraycopy(t.where().means(), mode * 4, state, 0, 4);
        System.arraycopy(t.where().covariances(), mode * 16, covariance, 0, 16);
        List<Contribution> contributions = new ArrayList<>();
        Support support = t.support();
        boolean seen = false;
        for (int i = 0; i < support.size(); i++) {
            boolean detected = support.detectedNanos(i) >= support.missedNanos(i);
            seen |= detected;
            contributions.add(new Contribution(
                    support.sensor(i),
                    node,
                    0,
                    Math.max(support.detectedNanos(i), support.missedNanos(i)),
                    detected ? Contribution.Status.DETECTED : Contribution.Status.MISSED,
                    "",
                    "",
                    ""));
        }
        return new Track(
                site.scene(),
                site.scene() + "/" + t.label(),
                tick,
                nanos,
                state,
                covariance,
                Math.exp(t.logPresence()),
                Math.exp(t.logAbsence()),
                null,
                seen ? Track.Phase.CONFIRMED : Track.Phase.COASTING,
                new Receipt(contributions, List.of(node), List.of(), ""),
                origin);
    }
}
