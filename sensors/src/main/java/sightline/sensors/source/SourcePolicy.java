package sightline.sensors.source;

import java.time.Duration;

/**
 * How a supervised source behaves.
 *
 * @param stalledAfter silence, with demand, after which it counts as stalled
 * @param restartAfter silence, with demand, after which the attempt is given up and a new one begun
 * @param firstBackoff wait before the second attempt; doubles with each failure in a row
 * @param longestBackoff where the doubling ends
 * @param attempts failures in a row before it is given up; 0 never gives up
 * @param heartbeat how often its state is published when nothing changes
 * @param endless whether reaching the end is a failure: true for cameras, false for recordings
 */
public record SourcePolicy(
        Duration stalledAfter,
        Duration restartAfter,
        Duration firstBackoff,
        Duration longestBackoff,
        int attempts,
        Duration heartbeat,
        boolean endless) {
    /** For cameras on a network: never given up. */
    public static final SourcePolicy CAMERA = new SourcePolicy(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            0,
            Duration.ofSeconds(1),
            true);

    /** For recordings: tried three times, done when they end. */
    public static final SourcePolicy RECORDING = new SourcePolicy(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMillis(200),
            Duration.ofSeconds(5),
            3,
            Duration.ofSeconds(1),
            false);

    public SourcePolicy {
        if (stalledAfter.isNegative() || stalledAfter.isZero() || restartAfter.compareTo(stalledAfter) < 0) {
            throw new IllegalArgumentException(
                    "stalledAfter " + stalledAfter + " must be positive and not above restartAfter " + restartAfter);
        }
        if (firstBackoff.isNegative() || longestBackoff.compareTo(firstBackoff) < 0) {
            throw new IllegalArgumentException("firstBackoff " + firstBackoff
                    + " must not be negative nor above longestBackoff " + longestBackoff);
        }
        if (heartbeat.isNegative() || heartbeat.isZero()) {
            throw new IllegalArgumentException("heartbeat " + heartbeat + " is not positive");
        }
    }

    Duration backoff(int failures) {
        long doubled = firstBackoff.toNanos() << Math.min(20, Math.max(0, failures - 1));
        return doubled < 0 || doubled > longestBackoff.toNanos() ? longestBackoff : Duration.ofNanos(doubled);
    }

    /** How often silence is looked for. */
    Duration watch() {
        Duration half = stalledAfter.dividedBy(2);
        return half.compareTo(heartbeat) < 0 ? half : heartbeat;
    }
}
