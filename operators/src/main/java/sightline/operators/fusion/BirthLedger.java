package sightline.operators.fusion;

import java.util.HashMap;
import java.util.Map;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.SensorScan;
import sightline.operators.phd.TrackLabel;

/**
 * Names new tracks by the observation that started them, so that a node which works the same scans over again from a
 * newer prior finds the same names. Entries older than the prior are forgotten.
 */
final class BirthLedger implements LabelSource {
    /** The observation that started a track. */
    record Cause(String sensor, long sequence, long timeNanos, int observation) {}

    private final String node;
    private final long incarnation;
    private final Map<Cause, Long> names = new HashMap<>();
    private long next = 1;

    BirthLedger(String node, long incarnation) {
        this.node = node;
        this.incarnation = incarnation;
    }

    @Override
    public TrackLabel label(SensorScan scan, int observation) {
        Cause cause = new Cause(scan.sensor(), scan.sequence(), scan.timeNanos(), observation);
        Long known = names.get(cause);
        if (known == null) {
            known = next++;
            names.put(cause, known);
        }
        return new TrackLabel(node, incarnation, known);
    }

    void forgetBefore(long nanos) {
        names.keySet().removeIf(cause -> cause.timeNanos() <= nanos);
    }

    Map<Cause, Long> names() {
        return names;
    }

    long next() {
        return next;
    }

    void restore(Map<Cause, Long> known, long nextName) {
        names.clear();
        names.putAll(known);
        next = nextName;
    }

    /** Names depend on their cause and not on the filter's state. */
    @Override
    public long mark() {
        return 0;
    }

    @Override
    public void reset(long mark) {}
}
