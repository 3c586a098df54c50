package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sightline.config.domain.Belief;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.operators.phd.SensorScan;
import sightline.operators.phd.TrackHypothesis;

/**
 * One fusion node as a synchronous state machine over domain records: {@link #onScan} and {@link #onBelief} take
 * evidence in, {@link #tick} closes a scene tick and says what to tell the peers, {@link #fused} is the common picture,
 * {@link #snapshot} all that another process needs to go on. With a roster of one node it is the central filter.
 *
 * <p>Rule: tick T is worked out from the prior that was frozen one epoch (L ticks) before the epoch of T. Each node raises
 * the prior to 1/S, multiplies its own scans since then and publishes the result with the prior's digest; beliefs of the
 * same digest are multiplied, an unheard node leaves its share untouched, any other belief is folded in conservatively.
 * At an epoch's end the tick before it is frozen into the next prior. A belief counts once: copies, echoes and what came
 * after the freeze are dropped. A late belief within the window changes nothing in the frozen
 * result; a late scan changes nothing if it comes before its epoch's last belief is sent, and with a roster of one node
 * until the freeze. One that comes between the two counts until the freeze only.
 *
 * <p>One caller at a time; no threads, clocks or messages. Deterministic: the same calls give the same bytes. Bad input is
 * refused by IllegalArgumentException before any state is touched.
 */
public final class FusionNode {
    /** What became of an offered scan or belief. */
    public enum Outcome {
        ACCEPTED,
        LATE,
        DUPLICATE,
        TOO_LATE,
        TOO_EARLY,
        ECHO
    }

    private static final int EPOCHS_AHEAD = 4;
    /** After a gap of so many epochs nothing that was known is of use. */
    private static final long FORGET_EPOCHS = 200;

    private final Site site;
    private final String node;
    private final long incarnation;
    private final FusionSettings settings;
    private final SensorViews views;
    private final Agreement agreement;
    private final BirthLedger names;
    private final LocalShare local;
    private final ScanLog scans;
    private final BeliefLog beliefs;

    private Prior prior = Prior.NOTHING;
    private Origin priorOrigin = Origin.LIVE;
    private long tick = Long.MIN_VALUE;
    private long localTick = Long.MIN_VALUE;
    private boolean dirty;
    private boolean revised;
    private Fused cache;

    public FusionNode(Site site, String node, long incarnation, FusionSettings settings) {
        if (!site.nodes().contains(node)) {
            throw new IllegalArgumentException("node " + node + " is not in the roster " + site.nodes());
        }
        this.site = site;
        this.node = node;
        this.incarnation = incarnation;
        this.settings = settings;
        views = new SensorViews(site, settings);
        agreement = new Agreement(settings, site.nodes().size(), site.tickNanos() * 1e-9);
        names = new BirthLedger(node, incarnation);
        local = new LocalShare(settings, settings.share(site.nodes().size()), names);
        scans = new ScanLog(settings.maxScans());
        beliefs = new BeliefLog(2 * EPOCHS_AHEAD * settings.lagTicks());
    }

    /**
     * Takes a scan of one of this node's sensors in. It counts from the first tick whose time it does not exceed; a scan
     * not newer than the prior comes too late.
     */
    public Outcome onScan(Scan scan) {
        SensorSpec sensor = site.sensor(scan.sensor())
                .orElseThrow(() -> new IllegalArgumentException("sensor " + scan.sensor() + " is not in the roster"));
        if (!sensor.node().equals(node)) {
            throw new IllegalArgumentException(
                    "sensor " + scan.sensor() + " belongs to node " + sensor.node() + ", not to " + node);
        }
        SensorScan converted = views.convert(scan);
        if (tick != Long.MIN_VALUE && scan.time().exposureNanos() <= nanos(prior.tick())) {
            scans.exclude(scan);
            return Outcome.TOO_LATE;
        }
        boolean late = localTick != Long.MIN_VALUE && scan.time().exposureNanos() <= nanos(localTick);
        if (!scans.add(scan, converted, late)) {
            return Outcome.DUPLICATE;
        }
        dirty |= late;
        revised |= late;
        return late ? Outcome.LATE : Outcome.ACCEPTED;
    }

    /** Takes what a peer says in. Any order, any number of copies. */
    public Outcome onBelief(Belief belief) {
        if (!belief.scene().equals(site.scene()) || !site.nodes().contains(belief.node())) {
            throw new IllegalArgumentException("belief of " + belief.scene() + "/" + belief.node()
                    + " does not belong to the roster of " + site.scene());
        }
        if (belief.tickNanos() != nanos(belief.tick())) {
            throw new IllegalArgumentException("tick " + belief.tick() + " of " + belief.node() + " is not at "
                    + belief.tickNanos() + " ns here: another tick length");
        }
        List<TrackHypothesis> table = BeliefTables.read(belief);
        if (belief.node().equals(node)) {
            return Outcome.ECHO;
        }
        if (tick != Long.MIN_VALUE && belief.tick() <= prior.tick()) {
            return Outcome.TOO_LATE;
        }
        if (tick != Long.MIN_VALUE && belief.tick() > tick + EPOCHS_AHEAD * (long) settings.lagTicks()) {
            return Outcome.TOO_EARLY;
        }
        if (beliefs.knows(belief)) {
            return Outcome.DUPLICATE;
        }
        beliefs.put(belief, table);
        if (belief.tick() <= tick) {
            cache = null;
        }
        return belief.tick() < tick ? Outcome.LATE : Outcome.ACCEPTED;
    }

    /**
     * Closes a tick: all scans up to its time are worked in.
     *
     * @return what the peers should be told: the belief of this tick, before it those of skipped ticks that end an epoch
     */
    public List<Belief> tick(long newTick) {
        if (newTick <= tick) {
            throw new IllegalArgumentException("tick " + newTick + " is not after tick " + tick);
        }
        if (tick == Long.MIN_VALUE || newTick - tick > FORGET_EPOCHS * settings.lagTicks()) {
            begin(base(newTick));
        }
        List<Belief> out = new ArrayList<>();
        for (long end = epochEnd(); end < newTick; end = epochEnd()) {
            freezeUpTo(base(end));
            out.add(say(end));
        }
        freezeUpTo(base(newTick));
        out.add(say(newTick));
        return out;
    }

    /** The first end of an epoch after the last closed tick: its belief must be said, or nobody could freeze it. */
    private long epochEnd() {
        return settings.lagTicks() * (Math.floorDiv(Math.max(tick, prior.tick()), settings.lagTicks()) + 1L);
    }

    private void freezeUpTo(long baseTick) {
        while (prior.tick() < baseTick) {
            freeze(prior.tick() + settings.lagTicks());
        }
    }

    /** The common picture at the last tick, from what has been heard so far. */
    public Fused fused() {
        if (tick == Long.MIN_VALUE) {
            throw new IllegalStateException("no tick has been closed yet");
        }
        if (cache == null) {
            cache = fuse(tick);
        }
        return cache;
    }

    /** Closes a tick and returns the confirmed tracks: all that a roster of one node needs. */
    public List<Track> tracks(long newTick) {
        if (newTick > tick) {
            tick(newTick);
        }
        return fused().tracks();
    }

    /** The last closed tick; {@code Long.MIN_VALUE} before the first. */
    public long lastTick() {
        return tick;
    }

    /** Whether every node of the roster has spoken at the last closed tick. */
    public boolean complete() {
        return beliefs.at(tick).size() == site.nodes().size();
    }

    /** Digest of the frozen tick that beliefs start from now. */
    public String priorDigest() {
        return prior.digest();
    }

    /**
     * A peer whose snapshot this node should {@link #adopt}: more nodes work from another prior than from this one's
     * (ties go to the smaller digest), so a message was lost for good or this node is new. Empty while all is well.
     */
    public Optional<String> dissent() {
        Collection<BeliefLog.Said> said = beliefs.at(tick).values();
        Map<String, Integer> votes = new TreeMap<>();
        said.forEach(one -> votes.merge(one.belief().priorDigest(), 1, Integer::sum));
        int ours = votes.getOrDefault(prior.digest(), 0);
        for (BeliefLog.Said one : said) {
            String theirs = one.belief().priorDigest();
            int count = votes.get(theirs);
            if (count > ours || count == ours && theirs.compareTo(prior.digest()) < 0) {
                return Optional.of(one.belief().node());
            }
        }
        return Optional.empty();
    }

    /**
     * Takes over the prior of a peer's snapshot in place of its own, keeping its own scans since then. The information
     * of its own prior is given up; what it takes over is a posterior in its own right, so nothing is counted twice.
     */
    public void adopt(byte[] peerSnapshot) {
        NodeSnapshot theirs = NodeSnapshot.read(peerSnapshot);
        // A peer that is ahead takes this node along: nothing before the new prior can be worked out any more.
        tick = Math.max(tick, theirs.prior().tick());
        replace(theirs.prior(), theirs.priorOrigin());
    }

    /** All state, versioned; for {@code state.node.v1}. */
    public byte[] snapshot() {
        return new NodeSnapshot(
                        incarnation,
                        tick,
                        prior,
                        priorOrigin,
                        names.next(),
                        names.names(),
                        scans.all(),
                        beliefs.matteringAt(tick, settings.lagTicks()))
                .write();
    }

    /** The scans since the prior, in order of exposure: after {@link #restore} what is known of its sensors. */
    public List<Scan> scans() {
        return scans.all().stream().map(Kept::value).toList();
    }

    /** Goes on from a snapshot of the same node. */
    public void restore(byte[] snapshot) {
        NodeSnapshot state = NodeSnapshot.read(snapshot);
        if (state.incarnation() != incarnation) {
            throw new IllegalArgumentException("the snapshot is of incarnation " + state.incarnation()
                    + ", this node is incarnation " + incarnation);
        }
        names.restore(state.births(), state.nextBirth());
        scans.clear();
        for (Kept<Scan> kept : state.scans()) {
            scans.add(kept.value(), views.convert(kept.value()), false);
        }
        beliefs.clear();
        for (Kept<Belief> kept : state.beliefs()) {
            beliefs.put(kept.value(), BeliefTables.read(kept.value()));
        }
        tick = state.tick();
        revised = true;
        replace(state.prior(), state.priorOrigin());
    }

    /** The incarnation that a snapshot was made by: a process that resumes a node must go on under it. */
    public static long incarnationOf(byte[] snapshot) {
        return NodeSnapshot.read(snapshot).incarnation();
    }

    private long nanos(long atTick) {
        return atTick == Long.MIN_VALUE ? Long.MIN_VALUE : atTick * site.tickNanos();
    }

    /** The tick whose frozen table a tick starts from. */
    private long base(long atTick) {
        return settings.lagTicks() * (Math.floorDiv(atTick, settings.lagTicks()) - 1L);
    }

    private void begin(long baseTick) {
        replace(Prior.NOTHING.at(baseTick), Origin.LIVE);
    }

    private void replace(Prior next, Origin origin) {
        prior = next;
        priorOrigin = origin;
        dirty = true;
        localTick = Math.max(next.tick(), localTick);
        cache = null;
        scans.forgetUpTo(nanos(next.tick()));
        names.forgetBefore(nanos(next.tick()));
        beliefs.forgetUpTo(next.tick());
    }

    private Belief say(long atTick) {
        advance(atTick);
        tick = atTick;
        cache = null;
        Belief belief = belief(atTick);
        beliefs.put(belief, BeliefTables.read(belief));
        return belief;
    }

    private Belief belief(long atTick) {
        return new Belief(
                site.scene(),
                node,
                incarnation,
                atTick,
                nanos(atTick),
                prior.digest(),
                settings.share(site.nodes().size()),
                BeliefTables.write(site.scene(), local.share()),
                scans.contributions(node, atTick, site.tickNanos()),
                scans.origin(nanos(atTick)).join(priorOrigin));
    }

    /** Works scans in tick by tick, so that late ones find the same steps as in-order ones. */
    private void advance(long atTick) {
        if (dirty) {
            local.start(prior, nanos(prior.tick()));
            localTick = prior.tick();
            dirty = false;
        }
        for (long t = localTick + 1; t <= atTick; t++) {
            long end = nanos(t);
            scans.between(nanos(t - 1), end).forEach(local::apply);
            local.predictTo(end);
        }
        localTick = atTick;
    }

    private void freeze(long end) {
        if (revised && site.nodes().size() == 1) {
            // Nobody else froze what was said then, so late scans may still change it.
            dirty = true;
            advance(end);
            Belief again = belief(end);
            beliefs.put(again, BeliefTables.read(again));
        }
        revised = !scans.isInOrderAfter(nanos(end));
        Fused frozen = fuse(end);
        replace(Prior.of(end, frozen.table()), frozen.table().isEmpty() ? Origin.LIVE : frozen.origin());
    }

    private Fused fuse(long atTick) {
        Map<String, BeliefLog.Said> said = beliefs.at(atTick);
        List<BeliefLog.Said> kin = new ArrayList<>();
        List<BeliefLog.Said> aliens = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        double split = settings.share(site.nodes().size());
        Origin origin = priorOrigin;
        for (String peer : site.nodes()) {
            BeliefLog.Said one = said.get(peer);
            if (one == null) {
                missing.add(peer);
                continue;
            }
            Belief belief = one.belief();
            origin = origin.join(belief.origin());
            boolean same = belief.priorDigest().equals(prior.digest()) && Math.abs(belief.split() - split) < 1e-12;
            (same ? kin : aliens).add(one);
        }
        List<TrackHypothesis> table =
                agreement.fuse(prior, nanos(prior.tick()), tables(kin), tables(aliens), nanos(atTick));
        return Fused.of(
                site.scene(),
                atTick,
                nanos(atTick),
                table,
                prior,
                beliefs(kin),
                beliefs(aliens),
                missing,
                local,
                node,
                origin);
    }

    private static List<List<TrackHypothesis>> tables(List<BeliefLog.Said> said) {
        return said.stream().map(BeliefLog.Said::table).toList();
    }

    private static List<Belief> beliefs(List<BeliefLog.Said> said) {
        return said.stream().map(BeliefLog.Said::belief).toList();
    }
}
