package sightline.sensors.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a {@link KafkaSource} is told; made by {@link KafkaSource#builder}.
 *
 * @param name of the client, in thread names and at the broker
 * @param maxInFlight most records that are read and not disposed of; bounds the memory they hold
 * @param window most records of one partition between its oldest undisposed one and its newest
 * @param commitInterval how often completed offsets are committed
 * @param drain how long revocation and cancellation wait for records that are being worked on
 * @param untilEnd complete when the end that each partition had at the start is reached
 */
record SourceOptions(
        String bootstrapServers,
        String name,
        Intake intake,
        ConsumerProfile profile,
        CommitMode commits,
        int maxInFlight,
        int window,
        Duration commitInterval,
        Duration drain,
        boolean untilEnd,
        List<Admission> admissions,
        Optional<DeadLetters> deadLetters,
        Optional<Booking> booking,
        SourceObserver observer,
        Map<String, String> overrides) {

    SourceOptions {
        admissions = List.copyOf(admissions);
        overrides = Map.copyOf(overrides);
        if (maxInFlight < 1 || window < 1) {
            throw new IllegalArgumentException(
                    "maxInFlight " + maxInFlight + " and window " + window + " must be at least 1");
        }
        if (untilEnd && intake instanceof Intake.Group) {
            throw new IllegalArgumentException("untilEnd needs an assignment: a group's partitions may change");
        }
    }

    /** One poll brings at most a quarter of what may be in flight, so that reading and working overlap. */
    int maxPollRecords() {
        return Math.clamp(maxInFlight / 4, 1, 64);
    }

    boolean inGroup() {
        return intake instanceof Intake.Group;
    }
}
