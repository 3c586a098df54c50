package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import sightline.config.contract.Codecs;
import sightline.config.domain.Contribution;
import sightline.config.domain.Origin;
import sightline.config.domain.Scan;
import sightline.operators.phd.SensorScan;

/**
 * A node's own scans since its prior, in the one order in which they are applied. Bounded: beyond that the oldest is
 * given up and named as excluded.
 */
final class ScanLog {
    private record Key(long timeNanos, String sensor, long epoch, long sequence) {}

    private record Held(Kept<Scan> kept, SensorScan converted, boolean late) {
        Scan scan() {
            return kept.value();
        }
    }

    private static final Comparator<Key> ORDER = Comparator.comparingLong(Key::timeNanos)
            .thenComparing(Key::sensor)
            .thenComparingLong(Key::epoch)
            .thenComparingLong(Key::sequence);

    private final int bound;
    private final TreeMap<Key, Held> held = new TreeMap<>(ORDER);
    private final Set<String> ids = new HashSet<>();
    private final List<Contribution> news = new ArrayList<>();

    ScanLog(int bound) {
        this.bound = bound;
    }

    /** False for a copy: the same sensor, epoch and sequence, whatever it holds. */
    boolean add(Scan scan, SensorScan converted, boolean late) {
        if (!ids.add(scan.id())) {
            return false;
        }
        held.put(key(scan), new Held(new Kept<>(scan, Codecs.SCAN), converted, late));
        if (held.size() > bound) {
            Scan given = held.pollFirstEntry().getValue().scan();
            ids.remove(given.id());
            exclude(given, "more scans than are kept");
        }
        if (late) {
            news.add(contribution(scan, Contribution.Status.LATE, ""));
        }
        return true;
    }

    void exclude(Scan scan) {
        exclude(scan, "older than the frozen tick");
    }

    private void exclude(Scan scan, String reason) {
        if (news.size() < bound) {
            news.add(contribution(scan, Contribution.Status.EXCLUDED, reason));
        }
    }

    /** Scans with times in (from, to]. */
    List<SensorScan> between(long from, long to) {
        List<SensorScan> out = new ArrayList<>();
        for (Held one : window(from, to)) {
            out.add(one.converted());
        }
        return out;
    }

    /** What entered since the last tick: scans of its time, late ones, excluded ones; the last two are told once. */
    List<Contribution> contributions(String node, long tick, long tickNanos) {
        List<Contribution> out = new ArrayList<>();
        for (Held one : window((tick - 1) * tickNanos, tick * tickNanos)) {
            if (!one.late()) {
                Contribution.Status status =
                        one.scan().measurements().isEmpty() ? Contribution.Status.MISSED : Contribution.Status.DETECTED;
                out.add(contribution(one.scan(), status, ""));
            }
        }
        out.addAll(news);
        news.clear();
        return out.stream().map(c -> named(c, node)).toList();
    }

    Origin origin(long upTo) {
        Origin out = Origin.LIVE;
        for (Held one : held.headMap(ceiling(upTo), true).values()) {
            out = out.join(one.scan().origin());
        }
        return out;
    }

    /** Whether no scan newer than that came late. */
    boolean isInOrderAfter(long nanos) {
        return held.tailMap(ceiling(nanos), false).values().stream().noneMatch(Held::late);
    }

    boolean isEmptyUpTo(long nanos) {
        return held.isEmpty() || held.firstKey().timeNanos() > nanos;
    }

    void forgetUpTo(long nanos) {
        var old = held.headMap(ceiling(nanos), true);
        old.values().forEach(one -> ids.remove(one.scan().id()));
        old.clear();
    }

    List<Kept<Scan>> all() {
        return held.values().stream().map(Held::kept).toList();
    }

    void clear() {
        held.clear();
        ids.clear();
        news.clear();
    }

    private Iterable<Held> window(long from, long to) {
        return held.subMap(ceiling(from), false, ceiling(to), true).values();
    }

    /** Beyond every key of that time. */
    private static Key ceiling(long nanos) {
        return new Key(nanos, "\uffff", Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private static Key key(Scan scan) {
        return new Key(scan.time().exposureNanos(), scan.sensor(), scan.epoch(), scan.sequence());
    }

    private static Contribution contribution(Scan scan, Contribution.Status status, String reason) {
        return new Contribution(
                scan.sensor(),
                "",
                scan.sequence(),
                scan.time().exposureNanos(),
                status,
                reason,
                scan.model(),
                scan.calibration());
    }

    private static Contribution named(Contribution c, String node) {
        return new Contribution(
                c.sensor(), node, c.sequence(), c.exposureNanos(), c.status(), c.reason(), c.model(), c.calibration());
    }
}
