package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pause that is lost in a rebalance floods a subscriber that asked for nothing. */
class RebalanceWhilePausedTest {

    @ParameterizedTest(name = "aligned={0}")
    @ValueSource(booleans = {false, true})
    void nothingIsFetchedForASubscriberWithoutDemandWhateverPartitionsComeAndGo(boolean aligned) {
        String topic = SharedBroker.topic(4);
        String group = SharedBroker.fresh("group");
        SharedBroker.fill(topic, 4, 1000);
        var first = new Recorder();
        KafkaSource source = source(group, topic, aligned, first);
        source.records().subscribe(first);
        first.request(1);
        await().until(() -> first.delivered.size() == 1 && first.assigned.size() == 4);
        settle(first);
        int polledBefore = first.polled.get();
        assertThat(polledBefore).isLessThanOrEqualTo(64);

        var second = new Recorder();
        KafkaSource other = source(group, topic, aligned, second);
        other.records().subscribe(second);
        await().atMost(Duration.ofSeconds(20)).until(() -> second.assigned.size() == 2 && first.assigned.size() == 2);
        second.cancel();
        await().atMost(Duration.ofSeconds(20)).until(() -> first.assigned.size() == 4);
        settle(first);

        assertThat(first.polled.get()).as("records fetched while paused").isEqualTo(polledBefore);
        assertThat(first.delivered).hasSize(1);
        assertThat(second.polled.get())
                .as("newly assigned partitions are paused too")
                .isZero();

        first.delivered.forEach(Inbound::acknowledge);
        first.delivered.clear();
        drainAll(first);
        assertThat(first.numbers()).containsAll(IntStream.range(1, 1000).boxed().toList());
        first.cancel();
        await().until(() -> source.liveSubscriptions() == 0 && other.liveSubscriptions() == 0);
    }

    private static void drainAll(Recorder recorder) {
        recorder.request(Long.MAX_VALUE);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            recorder.delivered.forEach(Inbound::acknowledge);
            return recorder.delivered.stream()
                            .map(SharedBroker::number)
                            .distinct()
                            .count()
                    >= 999;
        });
    }

    /** Several turns of a paused loop go by without a change. */
    private static void settle(Recorder recorder) {
        int now = recorder.polled.get();
        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(5)).until(() -> recorder.polled.get() == now);
    }

    private static KafkaSource source(String group, String topic, boolean aligned, Recorder recorder) {
        return KafkaSource.builder(SharedBroker.address())
                .name("paused")
                .intake(aligned ? Intake.alignedGroup(group, topic) : Intake.group(group, topic))
                .observer(recorder)
                .build();
    }
}
