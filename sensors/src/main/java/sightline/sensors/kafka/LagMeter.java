package sightline.sensors.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import sightline.config.time.TimeSource;

/**
 * Measures how far consumer groups are behind, in seconds.
 *
 * <p>No record is read for it: each measurement notes the end of every partition, and a committed offset is as old as the
 * first note that lies beyond it. The answer is thus right to within the time between two measurements, and what was
 * already waiting at the first one counts from then. The newest {@value #NOTES} notes of a partition are kept.
 *
 * <p><b>Threading:</b> one thread at a time. <b>Failure:</b> {@link BrokerUnavailableException}, after at most the timeout
 * given at construction; the next measurement may succeed. <b>Ownership:</b> close it.
 */
public final class LagMeter implements AutoCloseable {
    private static final int NOTES = 600;

    /** Where a partition ended at a moment. */
    private record Note(long nanos, long end) {}

    private final TopicAdmin admin;
    private final TimeSource time;
    private final Map<TopicPartition, Deque<Note>> notes = new HashMap<>();

    private LagMeter(TopicAdmin admin, TimeSource time) {
        this.admin = admin;
        this.time = time;
    }

    public static LagMeter connect(String bootstrapServers, Duration timeout, TimeSource time) {
        return new LagMeter(TopicAdmin.connect(bootstrapServers, timeout), time);
    }

    /** One entry for each group and topic that the group has committed offsets of, by group and topic. */
    public List<GroupLag> measure() {
        Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = committed();
        Set<TopicPartition> partitions =
                committed.values().stream().flatMap(m -> m.keySet().stream()).collect(Collectors.toSet());
        note(partitions);
        List<GroupLag> lags = new ArrayList<>();
        committed.forEach((group, offsets) -> lags.addAll(lags(group, offsets)));
        return lags;
    }

    private Map<String, Map<TopicPartition, OffsetAndMetadata>> committed() {
        var groups = admin.await("list groups", admin.admin().listGroups().all());
        Map<String, ListConsumerGroupOffsetsSpec> wanted = new TreeMap<>();
        groups.forEach(g -> wanted.put(g.groupId(), new ListConsumerGroupOffsetsSpec()));
        return wanted.isEmpty()
                ? Map.of()
                : new TreeMap<>(admin.await(
                        "read committed offsets",
                        admin.admin().listConsumerGroupOffsets(wanted).all()));
    }

    private void note(Set<TopicPartition> partitions) {
        notes.keySet().retainAll(partitions);
        if (partitions.isEmpty()) {
            return;
        }
        var ends = admin.await(
                "read end offsets",
                admin.admin()
                        .listOffsets(partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
                        .all());
        long now = time.nanos();
        ends.forEach((partition, end) -> {
            Deque<Note> of = notes.computeIfAbsent(partition, p -> new ArrayDeque<>());
            if (of.isEmpty() || of.getLast().end() != end.offset()) {
                of.addLast(new Note(now, end.offset()));
            }
            if (of.size() > NOTES) {
                of.removeFirst();
            }
        });
    }

    private List<GroupLag> lags(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<String, GroupLag> byTopic = new TreeMap<>();
        offsets.forEach((partition, committed) -> {
            if (committed == null) {
                return;
            }
            Deque<Note> of = notes.getOrDefault(partition, new ArrayDeque<>());
            long waiting = of.isEmpty() ? 0 : Math.max(0, of.getLast().end() - committed.offset());
            byTopic.merge(
                    partition.topic(),
                    new GroupLag(group, partition.topic(), waiting == 0 ? 0 : age(of, committed.offset()), waiting),
                    (a, b) -> new GroupLag(
                            group, a.topic(), Math.max(a.seconds(), b.seconds()), a.records() + b.records()));
        });
        return List.copyOf(byTopic.values());
    }

    /** Since the first note in which the record at that offset had been written. */
    private double age(Deque<Note> of, long offset) {
        return of.stream()
                .filter(note -> note.end() > offset)
                .findFirst()
                .map(note -> (time.nanos() - note.nanos()) / 1e9)
                .orElse(0.0);
    }

    @Override
    public void close() {
        admin.close();
    }
}
