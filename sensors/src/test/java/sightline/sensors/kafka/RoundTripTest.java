package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class RoundTripTest {

    @Test
    void whatTheSinkStoresTheSourceDeliversWithKeyHeadersTimestampAndPartition() {
        String topic = SharedBroker.topic(2);
        try (var sink = KafkaSink.to(SharedBroker.address(), "round-trip")) {
            var out = Outbound.keyed(topic, "north", 1_700_000_000_123L, new byte[] {1, 2, 3})
                    .on(1)
                    .with(Map.of("ce_type", "sightline.frame", "x-width", "640"));
            assertThat(sink.send(out).block(Duration.ofSeconds(10)).offset()).isZero();
        }
        Inbound in = KafkaSource.builder(SharedBroker.address())
                .intake(Intake.all(topic, Intake.oldest()))
                .build()
                .records()
                .blockFirst(Duration.ofSeconds(10));
        assertThat(in.key()).isEqualTo("north");
        assertThat(in.value()).containsExactly(1, 2, 3);
        assertThat(in.timestampMillis()).isEqualTo(1_700_000_000_123L);
        assertThat(in.partition()).isEqualTo(1);
        assertThat(in.header("ce_type")).contains("sightline.frame");
        assertThat(in.header("x-width")).contains("640");
        assertThat(in.header("absent")).isEmpty();
    }

    @Test
    void aBoundedReadEndsAtTheEndThatTheTopicHadAndKeepsOrder() {
        String topic = SharedBroker.topic(1);
        SharedBroker.fill(topic, 1, 500);
        List<Integer> numbers = read(topic, Intake.oldest());
        assertThat(numbers).isEqualTo(IntStream.range(0, 500).boxed().toList());
    }

    @Test
    void aBoundedReadOfAnEmptyTopicIsEmpty() {
        assertThat(read(SharedBroker.topic(3), Intake.oldest())).isEmpty();
    }

    @Test
    void acknowledgedRecordsAreCommittedAndNotReadAgain() {
        String topic = SharedBroker.topic(1);
        String group = SharedBroker.fresh("group");
        SharedBroker.fill(topic, 1, 10);
        KafkaSource source = KafkaSource.builder(SharedBroker.address())
                .intake(Intake.group(group, topic))
                .build();
        source.records().take(4).doOnNext(Inbound::acknowledge).blockLast(Duration.ofSeconds(10));
        await().until(() -> source.liveSubscriptions() == 0);
        assertThat(SharedBroker.committed(group, topic, 0)).isEqualTo(4);
        Inbound next = source.records().blockFirst(Duration.ofSeconds(10));
        assertThat(SharedBroker.number(next)).isEqualTo(4);
    }

    @Test
    void aRefusedRecordIsReportedAndTheStreamGoesOn() {
        String topic = SharedBroker.topic(1, Map.of("max.message.bytes", "1000"));
        try (var sink = KafkaSink.to(SharedBroker.address(), "refused")) {
            List<Sent> sent = sink.send(Flux.just(
                            Outbound.keyed(topic, "a", 1, new byte[10]),
                            Outbound.keyed(topic, "b", 2, new byte[100_000]),
                            Outbound.keyed(topic, "c", 3, new byte[10])))
                    .collectList()
                    .block(Duration.ofSeconds(20));
            assertThat(sent).hasSize(3);
            assertThat(sent)
                    .filteredOn(Sent.Refused.class::isInstance)
                    .singleElement()
                    .satisfies(refused -> assertThat(refused.outbound().key()).isEqualTo("b"));
        }
    }

    @Test
    void aSlowSubscriberGetsEverythingUpToTheEnd() {
        String topic = SharedBroker.topic(1);
        SharedBroker.fill(topic, 1, 20);
        List<Integer> read = KafkaSource.builder(SharedBroker.address())
                .intake(Intake.all(topic, Intake.oldest()))
                .untilEnd()
                .build()
                .records()
                .concatMap(r -> Mono.just(r).delayElement(Duration.ofMillis(40)), 1)
                .doOnNext(Inbound::acknowledge)
                .map(SharedBroker::number)
                .collectList()
                .block(Duration.ofSeconds(20));
        assertThat(read).hasSize(20);
    }

    private static List<Integer> read(String topic, Intake.Start start) {
        return KafkaSource.builder(SharedBroker.address())
                .intake(Intake.all(topic, start))
                .untilEnd()
                .build()
                .records()
                .doOnNext(Inbound::acknowledge)
                .map(SharedBroker::number)
                .collectList()
                .block(Duration.ofSeconds(10));
    }
}
