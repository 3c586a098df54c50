package sightline.sensors.kafka.bench;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param frameBytes size of a record's value
 * @param records how many are read in one throughput run
 * @param runs of each contender, in turn; the median counts
 * @param latencyRate records per second while latency is measured
 * @param latencyRun how long one latency run lasts
 * @param overload how long the bridge is overloaded
 * @param service how long the work on one frame takes in the overload; its inverse is the sustainable rate
 */
public record BenchPlan(
        int frameBytes,
        int records,
        int runs,
        int latencyRate,
        Duration latencyRun,
        Duration overload,
        Duration service) {

    /** What the project promises figures for; takes about four minutes. */
    public static BenchPlan full() {
        return new BenchPlan(
                100_000, 3000, 7, 200, Duration.ofSeconds(6), Duration.ofSeconds(60), Duration.ofMillis(10));
    }

    /** The same in small, to see that it runs. */
    public static BenchPlan quick() {
        return new BenchPlan(10_000, 300, 2, 200, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofMillis(10));
    }
}
