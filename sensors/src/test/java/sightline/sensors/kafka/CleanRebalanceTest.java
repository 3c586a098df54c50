package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A partition that changes hands takes its completed offsets along and leaves no record behind in the old queue. */
class CleanRebalanceTest {
    private static final int RECORDS = 200;

    @ParameterizedTest(name = "aligned={0}")
    @ValueSource(booleans = {false, true})
    void whatWasAcknowledgedIsNotRepeatedAndWhatWasQueuedIsDeliveredOnceByTheNewOwner(boolean aligned) {
        String topic = SharedBroker.topic(2);
        String group = SharedBroker.fresh("group");
        SharedBroker.fill(topic, 2, RECORDS);
        var first = new Recorder();
        var second = new Recorder();
        KafkaSource one = source(group, topic, aligned, first);
        one.records().doOnNext(Inbound::acknowledge).subscribe(first);
        first.request(10);
        await().until(() -> first.delivered.size() == 10 && first.polled.get() > 10);

        KafkaSource two = source(group, topic, aligned, second);
        two.records().doOnNext(Inbound::acknowledge).subscribe(second);
        await().until(() -> first.assigned.size() == 1 && second.assigned.size() == 1);
        first.request(Long.MAX_VALUE);
        second.request(Long.MAX_VALUE);

        await().until(() -> first.delivered.size() + second.delivered.size() >= RECORDS);
        await().during(Duration.ofMillis(300)).until(() -> first.delivered.size() + second.delivered.size() >= RECORDS);
        List<Integer> all = new ArrayList<>(first.numbers());
        all.addAll(second.numbers());
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, RECORDS).boxed().toList());
        first.cancel();
        second.cancel();
        await().until(() -> one.liveSubscriptions() + two.liveSubscriptions() == 0);
    }

    private static KafkaSource source(String group, String topic, boolean aligned, Recorder recorder) {
        return KafkaSource.builder(SharedBroker.address())
                .name("clean")
                .intake(aligned ? Intake.alignedGroup(group, topic) : Intake.group(group, topic))
                // Only the commit at revocation counts here.
                .commitInterval(Duration.ofHours(1))
                .observer(recorder)
                .build();
    }
}
