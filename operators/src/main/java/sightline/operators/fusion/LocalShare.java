package sightline.operators.fusion;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.PresenceSettings;
import sightline.operators.phd.PresenceState;
import sightline.operators.phd.SensorScan;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;

/**
 * What one node makes of its own scans since a prior: its share {@code prior^o} of what all know, times its own
 * likelihoods. Beside it runs the node's whole opinion (prior undivided), which says how tracks compete for observations:
 * shares would overrate their rivals. Tracks of the prior are never pruned here, because their low presence is evidence
 * for the others.
 */
final class LocalShare {
    /** A miss by the surest sensor that is expected, one that detects nine times in ten. */
    private static final double LOG_MISS = Math.log(0.1);

    private final FusionSettings settings;
    private final double split;
    private final BirthLedger names;
    private PresenceFilter whole;
    private PresenceFilter share;
    private Set<TrackLabel> inherited = Set.of();

    LocalShare(FusionSettings settings, double split, BirthLedger names) {
        this.settings = settings;
        this.split = split;
        this.names = names;
        start(Prior.NOTHING, Long.MIN_VALUE);
    }

    /** Forgets all and starts from a prior. */
    void start(Prior prior, long nanos) {
        whole = new PresenceFilter(settings.filter(), settings.motion(), names, 1);
        PresenceSettings wide = split == 1
                ? settings.filter()
                : settings.filter().ofShare(split, Math.log(settings.falseAlarmFloor()) + LOG_MISS);
        share = new PresenceFilter(wide, settings.motion(), names, split);
        whole.restore(new PresenceState(nanos, 0, prior.tracks()));
        share.restore(new PresenceState(nanos, 0, TrackFusion.power(prior.tracks(), split)));
        inherited = prior.labels();
        for (int i = 0; split < 1 && i < share.tracks().size(); i++) {
            TrackHypothesis undivided = prior.tracks().get(i);
            double odds = Math.max(-700, undivided.logAbsence()) - undivided.logPresence();
            share.tracks().get(i).deathOffset((split - 1) * odds);
        }
    }

    void apply(SensorScan scan) {
        predictTo(scan.timeNanos());
        share.update(silent(scan), whole);
        int born = whole.update(scan);
        List<TrackHypothesis> tracks = whole.tracks();
        for (TrackHypothesis track : tracks.subList(tracks.size() - born, tracks.size())) {
            share.add(track.copy());
        }
        whole.reduce();
        Set<TrackLabel> alive = new HashSet<>();
        whole.tracks().forEach(track -> alive.add(track.label()));
        share.tracks().removeIf(track -> !inherited.contains(track.label()) && !alive.contains(track.label()));
    }

    void predictTo(long nanos) {
        whole.predictTo(nanos);
        share.predictTo(nanos);
    }

    long timeNanos() {
        return whole.timeNanos();
    }

    /** The share, live. */
    List<TrackHypothesis> share() {
        return share.tracks();
    }

    private static SensorScan silent(SensorScan scan) {
        return new SensorScan(
                scan.sensor(),
                scan.sequence(),
                scan.timeNanos(),
                scan.coverage(),
                Double.NEGATIVE_INFINITY,
                scan.observations());
    }
}
