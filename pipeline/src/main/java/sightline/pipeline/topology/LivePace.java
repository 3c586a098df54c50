package sightline.pipeline.topology;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Ticks on the clock: one is closed as soon as nothing that was exposed before it is still expected, and in any case when
 * the deadline has passed.
 *
 * <p>A sensor is expected again one period after what it delivered last, so a tick does not wait for a picture that was
 * taken after it. The deadline follows how long the slowest sensor's news usually take: waiting longer than that gains
 * nothing, waiting less gives up what is just arriving. A sensor that has been silent for long is not waited for.
 *
 * <p>What comes after a tick was closed still counts, as long as the tick is not frozen; closing early only costs work.
 */
final class LivePace implements Pace {
    /**
     * Bounds of waiting.
     *
     * @param least deadline after a tick, however fast the sensors are
     * @param most deadline after a tick, however slow they are
     * @param silent after which a sensor is not waited for
     * @param patience after a node's own belief, for its peers'
     */
    record Bounds(Duration least, Duration most, Duration silent, Duration patience) {
        static final Bounds DEFAULT =
                new Bounds(Duration.ofMillis(40), Duration.ofMillis(140), Duration.ofSeconds(1), Duration.ofMillis(60));
    }

    private final long tickNanos;
    private final Bounds bounds;
    private final Map<String, SensorPace> sensors = new HashMap<>();

    LivePace(long tickNanos, Bounds bounds) {
        this.tickNanos = tickNanos;
        this.bounds = bounds;
    }

    @Override
    public void heard(String sensor, long exposureNanos, long nowNanos) {
        sensors.computeIfAbsent(sensor, s -> new SensorPace()).heard(exposureNanos, nowNanos);
    }

    /** What is known of a sensor reaches further; whether it is waited for depends on what it delivers. */
    @Override
    public void quiet(String sensor, long untilNanos) {
        sensors.computeIfAbsent(sensor, s -> new SensorPace()).quiet(untilNanos);
    }

    @Override
    public long received(long exposureNanos, long nowNanos) {
        return nowNanos;
    }

    /** How late something was heard by another process says nothing here. */
    @Override
    public void remembered(String sensor, long exposureNanos) {}

    /** The newest tick that may be closed: after a gap those between are skipped. */
    @Override
    public OptionalLong due(long last, long nowNanos) {
        List<SensorPace> speaking = sensors.values().stream()
                .filter(p -> p.newest() > nowNanos - bounds.silent().toNanos())
                .toList();
        long byDeadline = Math.floorDiv(nowNanos - deadlineNanos(speaking), tickNanos);
        long due = speaking.isEmpty() ? byDeadline : Math.max(byDeadline, byExpectation(speaking, nowNanos));
        return due > last ? OptionalLong.of(due) : OptionalLong.empty();
    }

    private long byExpectation(Collection<SensorPace> speaking, long nowNanos) {
        long toldUpTo = speaking.stream().mapToLong(SensorPace::toldUpTo).min().orElseThrow();
        // A clock that runs ahead must not close the ticks of the future.
        return Math.floorDiv(Math.min(toldUpTo, nowNanos), tickNanos);
    }

    private long deadlineNanos(Collection<SensorPace> speaking) {
        long usual = speaking.stream().mapToLong(SensorPace::usualDelay).max().orElse(Long.MAX_VALUE);
        return Math.clamp(usual, bounds.least().toNanos(), bounds.most().toNanos());
    }

    @Override
    public long fuseBy(long nowNanos) {
        return nowNanos + bounds.patience().toNanos();
    }

    @Override
    public long beginning(long nowNanos) {
        return nowNanos;
    }
}
