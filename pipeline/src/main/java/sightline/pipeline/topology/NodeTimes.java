package sightline.pipeline.topology;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * When a node may close a tick: as soon as each of its sensors has delivered something exposed after the tick, and in any
 * case when the deadline has passed on the wall clock. A sensor that has been silent for long is not waited for.
 *
 * <p>What comes after a tick was closed still counts, as long as the tick is not frozen; closing early only costs work.
 * Not thread-safe.
 */
final class NodeTimes {
    private final long tickNanos;
    private final long deadlineNanos;
    private final long silentNanos;
    /** Newest exposure of each sensor. */
    private final Map<String, Long> newest = new HashMap<>();

    NodeTimes(long tickNanos, long deadlineNanos, long silentNanos) {
        this.tickNanos = tickNanos;
        this.deadlineNanos = deadlineNanos;
        this.silentNanos = silentNanos;
    }

    void heard(String sensor, long exposureNanos) {
        newest.merge(sensor, exposureNanos, Math::max);
    }

    /** The newest tick that may be closed now, if it is after {@code last}. */
    OptionalLong due(long last, long nowNanos) {
        long byDeadline = Math.floorDiv(nowNanos - deadlineNanos, tickNanos);
        long watermark = newest.values().stream()
                .filter(t -> t > nowNanos - silentNanos)
                .mapToLong(Long::longValue)
                .min()
                .orElse(Long.MIN_VALUE);
        // A clock that runs ahead must not close the ticks of the future.
        long byWatermark = watermark == Long.MIN_VALUE ? last : Math.floorDiv(Math.min(watermark, nowNanos), tickNanos);
        long due = Math.max(byDeadline, byWatermark);
        return due > last ? OptionalLong.of(due) : OptionalLong.empty();
    }
}
