package sightline.pipeline.recording;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import sightline.config.domain.Scan;

/**
 * Brings scans of many sensors into the order of their exposures, ties by sensor and then sequence, whatever order they
 * arrive in. A scan is passed on when no sensor can still deliver an older one: when every sensor's watermark, its newest
 * exposure less the lateness, has passed it.
 *
 * <p>What comes out does not depend on how sensors interleave, nor on order within a sensor as long as nothing is later than
 * the lateness; what is later is counted and left out. At most {@code limit} scans wait: beyond that the sensor that is
 * furthest behind is not waited for any more, which is counted too, since it may cost the promise. Not thread-safe.
 */
public final class ExposureMerge {
    private static final Comparator<Scan> ORDER = Comparator.comparingLong(
                    (Scan s) -> s.time().exposureNanos())
            .thenComparing(Scan::sensor)
            .thenComparingLong(Scan::epoch)
            .thenComparingLong(Scan::sequence);

    private final long latenessNanos;
    private final int limit;
    private final Consumer<Scan> out;
    private final Map<String, Long> newest = new HashMap<>();
    private final PriorityQueue<Scan> waiting = new PriorityQueue<>(ORDER);
    private Scan last;
    private long late;
    private long given;

    /**
     * @param sensors that deliver; one that never does holds everything back until the end or the limit
     * @param out is told of each scan in order, on the caller's thread
     */
    public ExposureMerge(Collection<String> sensors, long latenessNanos, int limit, Consumer<Scan> out) {
        this.latenessNanos = latenessNanos;
        this.limit = limit;
        this.out = out;
        sensors.forEach(sensor -> newest.put(sensor, Long.MIN_VALUE));
    }

    /** Takes a scan in. */
    public void offer(Scan scan) {
        if (last != null && ORDER.compare(scan, last) <= 0) {
            late++;
            return;
        }
        newest.merge(scan.sensor(), scan.time().exposureNanos(), Math::max);
        waiting.add(scan);
        pass(watermark());
        while (waiting.size() > limit) {
            String slowest = newest.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey();
            newest.remove(slowest);
            given++;
            pass(watermark());
        }
    }

    private long watermark() {
        long oldest = newest.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
        return oldest == Long.MIN_VALUE || oldest == Long.MAX_VALUE ? oldest : oldest - latenessNanos;
    }

    private void pass(long upTo) {
        while (!waiting.isEmpty() && waiting.peek().time().exposureNanos() < upTo) {
            last = waiting.poll();
            out.accept(last);
        }
    }

    /** Nothing more comes: all that waits is passed on. */
    public void end() {
        while (!waiting.isEmpty()) {
            last = waiting.poll();
            out.accept(last);
        }
    }

    /** Scans left out because they were later than the lateness. */
    public long late() {
        return late;
    }

    /** How often a sensor was not waited for any more. */
    public long unwaited() {
        return given;
    }
}
