package sightline.pipeline.topology;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Ticks by what the topics hold, from a given exposure time on: one tick after the other, each when every sensor of the
 * node has delivered something exposed after it or said that it has nothing, fused when every node of the roster has spoken. No clock decides
 * anything, so the outcome depends on neither speed nor order of arrival, nor on who died meanwhile.
 *
 * <p>The price: a sensor or a node that stays away holds everybody up.
 */
final class ReplayPace implements Pace {
    private final long tickNanos;
    private final long fromNanos;
    private final Map<String, Long> newest = new HashMap<>();

    /** @param sensors of the node */
    ReplayPace(long tickNanos, long fromNanos, Collection<String> sensors) {
        this.tickNanos = tickNanos;
        this.fromNanos = fromNanos;
        sensors.forEach(s -> newest.put(s, Long.MIN_VALUE));
    }

    @Override
    public void heard(String sensor, long exposureNanos, long nowNanos) {
        newest.merge(sensor, exposureNanos, Math::max);
    }

    @Override
    public void quiet(String sensor, long untilNanos) {
        heard(sensor, untilNanos, untilNanos);
    }

    /** No clock decides anything. */
    @Override
    public long received(long exposureNanos, long nowNanos) {
        return exposureNanos;
    }

    @Override
    public void remembered(String sensor, long exposureNanos) {
        heard(sensor, exposureNanos, exposureNanos);
    }

    @Override
    public OptionalLong due(long last, long nowNanos) {
        long next = last == Long.MIN_VALUE ? Math.ceilDiv(fromNanos, tickNanos) : last + 1;
        boolean told = newest.values().stream().allMatch(t -> t > next * tickNanos);
        return told ? OptionalLong.of(next) : OptionalLong.empty();
    }

    @Override
    public long fuseBy(long nowNanos) {
        return Long.MAX_VALUE;
    }

    @Override
    public long beginning(long nowNanos) {
        return fromNanos;
    }
}
