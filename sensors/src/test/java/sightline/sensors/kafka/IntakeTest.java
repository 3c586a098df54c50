package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class IntakeTest {

    @Test
    void newestMissesNothingThatIsWrittenAfterTheAssignmentWasAnnounced() {
        String topic = SharedBroker.topic(2);
        SharedBroker.fill(topic, 2, 20);
        var recorder = new Recorder();
        read(Intake.all(topic, Intake.newest()))
                .observer(recorder)
                .build()
                .records()
                .subscribe(recorder);
        await().until(() -> recorder.assigned.size() == 2);
        // No demand yet, so nothing was polled, and still these must come.
        SharedBroker.fill(SharedBroker.address(), topic, 2, 20, 30);
        recorder.request(100);
        await().until(() -> recorder.delivered.size() == 10);
        assertThat(recorder.numbers()).allMatch(n -> n >= 20);
        recorder.cancel();
    }

    @Test
    void sinceStartsAtTheFirstRecordOfThatTimeEvenAmongSeveralPartitions() {
        String topic = SharedBroker.topic(1);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] value = Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            records.add(new ProducerRecord<>(topic, 0, 1_000_000L + 1000 * i, null, value));
        }
        SharedBroker.write(SharedBroker.address(), records);
        var start = new Intake.Start.Since(Instant.ofEpochMilli(1_006_500L));
        assertThat(numbers(Intake.all(topic, start))).containsExactly(7, 8, 9);
    }

    @Test
    void onePartitionAtAnOffsetReadsOnlyThat() {
        String topic = SharedBroker.topic(3);
        SharedBroker.fill(topic, 3, 30);
        var start = new Intake.Start.At(Map.of(new TopicPartition(topic, 1), 8L));
        assertThat(numbers(Intake.partition(topic, 1, start))).containsExactly(25, 28);
    }

    @Test
    void anAlignedGroupGivesPartitionKOfEveryTopicToOneMember() {
        String detections = SharedBroker.topic(4);
        String measurements = SharedBroker.topic(4);
        String group = SharedBroker.fresh("group");
        var first = new Recorder();
        var second = new Recorder();
        for (Recorder member : List.of(first, second)) {
            read(Intake.alignedGroup(group, detections, measurements))
                    .observer(member)
                    .build()
                    .records()
                    .subscribe(member);
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(first.assigned).hasSize(4));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(second.assigned).hasSize(4));
        for (Recorder member : List.of(first, second)) {
            for (TopicPartition partition : member.assigned) {
                String other = partition.topic().equals(detections) ? measurements : detections;
                assertThat(member.assigned).contains(new TopicPartition(other, partition.partition()));
            }
        }
        first.cancel();
        second.cancel();
    }

    @Test
    void aBoundedReadOfAGroupIsRefusedWhenItIsBuilt() {
        assertThatThrownBy(() -> read(Intake.group("g", "t")).untilEnd().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("assignment");
    }

    @Test
    void theMemoryBoundFollowsFromTheSettings() {
        MemoryBound bound = read(Intake.group("g", "t"))
                .profile(ConsumerProfile.video(8 << 20, 4))
                .maxInFlight(32)
                .build()
                .memoryBound();
        assertThat(bound.records()).isEqualTo(32L * (8 << 20));
        assertThat(bound.total()).isEqualTo(bound.records() + bound.fetches() + bound.socket());
        assertThat(bound.toString()).contains("256");
    }

    private static List<Integer> numbers(Intake intake) {
        return read(intake)
                .untilEnd()
                .build()
                .records()
                .map(SharedBroker::number)
                .collectList()
                .block(Duration.ofSeconds(20));
    }

    private static KafkaSource.Builder read(Intake intake) {
        return KafkaSource.builder(SharedBroker.address()).name("intake").intake(intake);
    }
}
