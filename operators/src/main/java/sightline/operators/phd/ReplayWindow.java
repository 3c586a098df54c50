package sightline.operators.phd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Makes a {@link PresenceFilter} indifferent to the order in which scans arrive, within a bounded window of exposure
 * time: a late scan takes the filter back to the state before it and applies everything since again, in the one order of
 * {@link SensorScan#compareTo}. The result is bit for bit that of in-order arrival. Scans older than the window are
 * refused; a second copy of a scan (sensor, sequence, time) is dropped.
 *
 * <p>Memory: one saved state a scan of the window. Not thread-safe.
 */
public final class ReplayWindow {
    /** What became of an offered scan. */
    public enum Outcome {
        IN_ORDER,
        REPLAYED,
        DUPLICATE,
        TOO_LATE
    }

    private record Step(SensorScan scan, PresenceState before) {}

    private final PresenceFilter filter;
    private final long windowNanos;
    private final int maxScans;
    private final Deque<Step> steps = new ArrayDeque<>();
    private long floorNanos = Long.MIN_VALUE;

    /**
     * @param windowNanos how late a scan may be against the newest
     * @param maxScans bound of the memory; the oldest step falls out first
     */
    public ReplayWindow(PresenceFilter filter, long windowNanos, int maxScans) {
        if (windowNanos < 0 || maxScans < 1) {
            throw new IllegalArgumentException("window " + windowNanos + " ns, " + maxScans + " scans");
        }
        this.filter = filter;
        this.windowNanos = windowNanos;
        this.maxScans = maxScans;
    }

    public PresenceFilter filter() {
        return filter;
    }

    public Outcome offer(SensorScan scan) {
        if (scan.timeNanos() <= floorNanos) {
            return Outcome.TOO_LATE;
        }
        for (Step step : steps) {
            SensorScan other = step.scan();
            if (other.compareTo(scan) == 0) {
                return Outcome.DUPLICATE;
            }
        }
        boolean inOrder = steps.isEmpty() || steps.peekLast().scan().compareTo(scan) < 0;
        if (inOrder) {
            apply(scan);
        } else {
            List<SensorScan> again = new ArrayList<>();
            again.add(scan);
            while (!steps.isEmpty() && steps.peekLast().scan().compareTo(scan) > 0) {
                Step undone = steps.removeLast();
                filter.restore(undone.before());
                again.add(undone.scan());
            }
            again.sort(null);
            again.forEach(this::apply);
        }
        forget();
        return inOrder ? Outcome.IN_ORDER : Outcome.REPLAYED;
    }

    private void apply(SensorScan scan) {
        steps.addLast(new Step(scan, filter.save()));
        filter.process(scan);
    }

    private void forget() {
        long newest = steps.getLast().scan().timeNanos();
        Iterator<Step> oldest = steps.iterator();
        while (oldest.hasNext()) {
            Step step = oldest.next();
            if (newest - step.scan().timeNanos() <= windowNanos && steps.size() <= maxScans) {
                return;
            }
            floorNanos = Math.max(floorNanos, step.scan().timeNanos());
            oldest.remove();
        }
    }

    /** Starts anew from a restored filter; scans at or before its time count as too late. */
    public void reset() {
        steps.clear();
        floorNanos = filter.timeNanos();
    }
}
