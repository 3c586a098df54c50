package sightline.operators.phd;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.MixtureReduction;

/**
 * The possibilistic multi-target filter in presence/absence form. Each track carries credibilities (w, a) and a
 * max-mixture; a scan multiplies them by
 *
 * <pre>
 *   miss      w alpha_nd(x) p(x)
 *   y_j       w alpha_d(x) l(y_j|x) p(x) / denominator of y_j
 *   absence   a
 * </pre>
 *
 * and divides by the largest. The denominator is what else could explain the observation: a false alarm or the other
 * tracks, see {@link PresenceSettings.Exclusion}. Exact for one track among false alarms and for separated tracks; with
 * max-marginals exact for any cluster of single-term tracks.
 *
 * <p>Plain synchronous object, not thread-safe, deterministic: the result depends on the order of calls and nothing
 * else. Scans are checked when they are built, so an update either happens or never starts.
 */
public final class PresenceFilter {
    private final PresenceSettings settings;
    private final Motion motion;
    private final LabelSource labels;
    private final double split;

    private List<TrackHypothesis> tracks = new ArrayList<>();
    private long timeNanos = Long.MIN_VALUE;

    private final ReadAhead ahead = new ReadAhead();
    private final Gating gating = new Gating();
    private final PairTable table = new PairTable();
    private final Competition competition = new Competition();
    private final Births births = new Births();
    private final TrackOrder order = new TrackOrder();
    private final TrackMerging merging = new TrackMerging(order);
    private final PositionUpdate update = new PositionUpdate();
    private final MixtureReduction reduction = new MixtureReduction(4);
    private final MaxMixture fresh = new MaxMixture(4, 32);

    public PresenceFilter(PresenceSettings settings, Motion motion, LabelSource labels) {
        this(settings, motion, labels, 1);
    }

    /**
     * @param split exponent o of the share of information that this filter holds: process noise and the credibility of
     *     death are raised to it. 1 for a filter of its own.
     */
    public PresenceFilter(PresenceSettings settings, Motion motion, LabelSource labels, double split) {
        if (!(split > 0 && split <= 1)) {
            throw new IllegalArgumentException("split " + split + " is not in (0, 1]");
        }
        this.settings = settings;
        this.motion = motion;
        this.labels = labels;
        this.split = split;
    }

    /** The live tracks, strongest first after {@link #reduce}; valid until the next call. */
    public List<TrackHypothesis> tracks() {
        return tracks;
    }

    public long timeNanos() {
        return timeNanos;
    }

    public PresenceSettings settings() {
        return settings;
    }

    /** Predicts all tracks to a time; an earlier time is refused, the first call only sets the clock. */
    public void predictTo(long nanos) {
        double seconds = advance(nanos);
        if (seconds > 0) {
            double logDeath = logDeath(seconds);
            for (TrackHypothesis track : tracks) {
                predict(track, seconds, logDeath);
            }
        }
    }

    /** Moves the clock and returns by how many seconds. */
    private double advance(long nanos) {
        if (timeNanos == Long.MIN_VALUE) {
            timeNanos = nanos;
        }
        if (nanos < timeNanos) {
            throw new IllegalArgumentException("time runs backwards by " + (timeNanos - nanos) + " ns");
        }
        double seconds = (nanos - timeNanos) * 1e-9;
        timeNanos = nanos;
        return seconds;
    }

    private void predict(TrackHypothesis track, double seconds, double logDeath) {
        motion.predict(track.where, seconds, split);
        double death =
                settings.deathPerSecond() == 0 ? logDeath : Math.min(split * logDeath, logDeath + track.deathOffset);
        track.logAbsence = Math.max(track.logAbsence, track.logPresence + death);
    }

    private double logDeath(double seconds) {
        return settings.deathPerSecond() == 0
                ? Double.NEGATIVE_INFINITY
                : Math.log(-Math.expm1(seconds * Math.log1p(-settings.deathPerSecond())));
    }

    /** Lets every target have died within a time, without moving any. */
    public void mayHaveDied(double seconds) {
        double logDeath = logDeath(seconds);
        for (TrackHypothesis track : tracks) {
            track.logAbsence = Math.max(track.logAbsence, track.logPresence + logDeath);
        }
    }

    /** Adds a hypothesis, such as a birth place that is known beforehand. */
    public void add(TrackHypothesis track) {
        tracks.add(track);
    }

    /** Predicts to the scan's time, updates, starts tracks, merges and prunes. */
    public void process(SensorScan scan) {
        update(scan, null, advance(scan.timeNanos()));
        reduceNoted();
    }

    /**
     * Update at the current time without reduction of the track table.
     *
     * @return how many tracks were started; they are the last of the table
     */
    public int update(SensorScan scan) {
        return update(scan, null);
    }

    /**
     * Update in which another filter over the same labels says how tracks compete: a filter that holds only a share of
     * the information would overrate its rivals.
     *
     * @param reference predicted to the same time and not yet updated by this scan; null for this filter itself
     */
    public int update(SensorScan scan, PresenceFilter reference) {
        return update(scan, reference, 0);
    }

    private int update(SensorScan scan, PresenceFilter reference, double secondsBefore) {
        meet(scan, secondsBefore);
        if (reference == null) {
            compete(scan);
        } else {
            reference.meet(scan, 0);
            reference.compete(scan);
        }
        if (scan.startsTracks()) {
            births.explain(table, scan.observations().size(), settings.birthGate());
        }
        int before = tracks.size();
        order.clear();
        for (int i = 0; i < before; i++) {
            TrackHypothesis track = tracks.get(i);
            ahead.reach(tracks, i);
            if (table.visible[i]) {
                updateTrack(track, i, scan, reference);
            }
            order.note(track);
        }
        if (scan.startsTracks()) {
            start(scan);
        }
        return tracks.size() - before;
    }

    /** Predicts and gates track by track: with thousands, each way through the table costs more in memory than in arithmetic. */
    private void meet(SensorScan scan, double secondsBefore) {
        gating.index(scan);
        table.clear(tracks.size());
        double logDeath = logDeath(secondsBefore);
        for (int i = 0; i < tracks.size(); i++) {
            TrackHypothesis track = tracks.get(i);
            ahead.reach(tracks, i);
            if (secondsBefore > 0) {
                predict(track, secondsBefore, logDeath);
            }
            gating.meet(track, scan, settings.gate(), table);
        }
    }

    private void start(SensorScan scan) {
        for (int j = 0; j < scan.observations().size(); j++) {
            Observation o = scan.observations().get(j);
            if (!births.explained(j) && o.placeable()) {
                TrackHypothesis born = births.create(labels.label(scan, j), scan, o, settings.birthSpeed());
                born.support.record(scan.sensor(), scan.timeNanos(), true);
                tracks.add(born);
                order.note(born);
            }
        }
    }

    private int indexOf(TrackHypothesis track, int hint) {
        if (hint < tracks.size() && tracks.get(hint).label().equals(track.label())) {
            return hint;
        }
        for (int i = 0; i < tracks.size(); i++) {
            if (tracks.get(i).label().equals(track.label())) {
                return i;
            }
        }
        return -1;
    }

    private void compete(SensorScan scan) {
        if (settings.exclusion() == PresenceSettings.Exclusion.BEST_OTHER) {
            competition.bestOther(table, scan.observations());
        } else {
            competition.maxMarginals(table, scan.observations());
        }
    }

    private void updateTrack(TrackHypothesis track, int i, SensorScan scan, PresenceFilter reference) {
        MaxMixture f = track.where;
        int firstTerm = table.termStart[i];
        int firstEdge = table.edgeStart[i];
        int lastEdge = table.edgeStart[i + 1];
        double bestMiss = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < f.size(); c++) {
            bestMiss = Math.max(bestMiss, table.termMiss[firstTerm + c]);
        }
        double supremum = Math.max(bestMiss, weigh(track, i, reference));
        // What pruning would drop afterwards is not computed.
        fresh.clear();
        for (int c = 0; c < f.size(); c++) {
            double logWeight = table.termMiss[firstTerm + c] - supremum;
            if (logWeight > settings.logTermPrune()) {
                fresh.add(logWeight, f.means(), c * 4, f.covariances(), c * 16);
            }
        }
        for (int e = firstEdge; e < lastEdge; e++) {
            double logWeight = table.edgeWeight[e] - supremum;
            if (logWeight > settings.logTermPrune()) {
                int j = table.pairObservation[table.edgePair[e]];
                update.prepare(f, table.edgeTerm[e], scan.observations().get(j));
                update.apply(f, table.edgeTerm[e], logWeight, fresh);
            }
        }
        track.support.record(scan.sensor(), scan.timeNanos(), supremum > bestMiss);
        reduction.reduce(fresh, settings.logTermPrune(), settings.termRadius(), settings.terms(), f);
        track.credibilities(track.logPresence + supremum, track.logAbsence);
    }

    /** Divides the claims of a track by what else could explain the observations and returns the largest. */
    private double weigh(TrackHypothesis track, int i, PresenceFilter reference) {
        int counterpart = reference == null ? -1 : reference.indexOf(track, i);
        double largest = Double.NEGATIVE_INFINITY;
        for (int e = table.edgeStart[i]; e < table.edgeStart[i + 1]; e++) {
            int pair = table.edgePair[e];
            double denominator = reference == null
                    ? table.pairDenominator[pair]
                    : reference.denominator(counterpart, table.pairObservation[pair]);
            table.edgeWeight[e] = table.edgeLog[e] - track.logPresence - denominator;
            largest = Math.max(largest, table.edgeWeight[e]);
        }
        return largest;
    }

    private double denominator(int track, int observation) {
        int pair = track < 0 ? -1 : table.pair(track, observation);
        return pair >= 0 ? table.pairDenominator[pair] : competition.outsider(observation);
    }

    /** Prunes and merges the track table and applies the confirmation hysteresis. */
    public void reduce() {
        order.clear();
        tracks.forEach(order::note);
        reduceNoted();
    }

    private void reduceNoted() {
        merging.merge(tracks, settings.logTrackPrune(), settings.trackRadius(), settings.maxTracks());
        double confirm = Math.log(settings.confirmAbsence());
        double release = Math.log(settings.releaseAbsence());
        for (TrackHypothesis track : tracks) {
            double threshold = track.confirmed ? release : confirm;
            track.confirmed = track.logPresence == 0 && track.logAbsence <= threshold;
        }
    }

    /** A copy of all state that a later result depends on. */
    public PresenceState save() {
        List<TrackHypothesis> copy = new ArrayList<>(tracks.size());
        for (TrackHypothesis track : tracks) {
            copy.add(track.copy());
        }
        return new PresenceState(timeNanos, labels.mark(), copy);
    }

    /** Goes back to a saved state, which stays usable. */
    public void restore(PresenceState state) {
        timeNanos = state.timeNanos();
        labels.reset(state.labelMark());
        tracks = new ArrayList<>(state.tracks().size());
        for (TrackHypothesis track : state.tracks()) {
            tracks.add(track.copy());
        }
    }
}
