package sightline.sensors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A writer that was thought dead comes back in the middle of its transaction. */
class ZombieTransactionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void whatAZombieHadWrittenIsNeverSeenAndItsCommitFails() {
        String topic = SharedBroker.topic(1);
        String role = SharedBroker.fresh("node");
        Map<String, Object> properties = Map.of("bootstrap.servers", SharedBroker.address(), "transactional.id", role);
        try (var zombie = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
                var successor = TransactionalSink.open(SharedBroker.address(), role)) {
            zombie.initTransactions();
            zombie.beginTransaction();
            zombie.send(new ProducerRecord<>(topic, bytes("from the grave")));
            zombie.flush();
            successor.acquire().block(PATIENCE);
            successor.commit(Tick.of(List.of(record(topic, "successor")))).block(PATIENCE);
            assertThatThrownBy(zombie::commitTransaction).isInstanceOf(KafkaException.class);
            assertVisible(topic, "successor");
        }
    }

    @Test
    void aFencedSinkSaysSoEveryTimeAndNeverTakesTheRoleBackByItself() {
        String topic = SharedBroker.topic(1);
        String role = SharedBroker.fresh("node");
        try (var zombie = TransactionalSink.open(SharedBroker.address(), role);
                var successor = TransactionalSink.open(SharedBroker.address(), role)) {
            zombie.commit(Tick.of(List.of(record(topic, "a")))).block(PATIENCE);
            successor.acquire().block(PATIENCE);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> zombie.commit(Tick.of(List.of(record(topic, "zombie"))))
                                .block(PATIENCE))
                        .isInstanceOf(OwnershipLostException.class)
                        .hasMessageContaining(role);
            }
            successor.commit(Tick.of(List.of(record(topic, "b")))).block(PATIENCE);
            assertVisible(topic, "a", "b");
            zombie.acquire().block(PATIENCE);
            zombie.commit(Tick.of(List.of(record(topic, "c")))).block(PATIENCE);
            assertVisible(topic, "a", "b", "c");
        }
    }

    @Test
    void aTickWithOneRefusedRecordLeavesNothingAndTheNextTickIsWritten() {
        String topic = SharedBroker.topic(1, Map.of("max.message.bytes", "1000"));
        try (var sink = TransactionalSink.open(SharedBroker.address(), SharedBroker.fresh("node"))) {
            byte[] incompressible = new byte[100_000];
            new Random(1).nextBytes(incompressible);
            var refused = Outbound.keyed(topic, "k", 1, incompressible);
            assertThatThrownBy(() -> sink.commit(Tick.of(List.of(record(topic, "half"), refused)))
                            .block(PATIENCE))
                    .isInstanceOf(TickAbortedException.class)
                    .hasCauseInstanceOf(RecordTooLargeException.class);
            sink.commit(Tick.of(List.of(record(topic, "whole")))).block(PATIENCE);
            assertVisible(topic, "whole");
        }
    }

    @Test
    void offsetsTravelWithTheOutputAndAMemberWithoutItsPartitionsCannotCommitThem() {
        String input = SharedBroker.topic(1);
        String output = SharedBroker.topic(1);
        String group = SharedBroker.fresh("group");
        SharedBroker.fill(input, 1, 6);
        var recorder = new Recorder();
        KafkaSource source = KafkaSource.builder(SharedBroker.address())
                .name("tick")
                .intake(Intake.alignedGroup(group, input))
                .commits(CommitMode.TRANSACTION)
                .observer(recorder)
                .build();
        source.records().subscribe(recorder);
        recorder.request(6);
        await().until(() ->
                recorder.delivered.size() == 6 && source.membership().isPresent());
        List.of(0, 1, 2, 4).forEach(i -> recorder.delivered.get(i).acknowledge());
        var partition = new TopicPartition(input, 0);
        Map<TopicPartition, OffsetAndMetadata> completed = source.completed();
        assertThat(completed.get(partition).offset()).isEqualTo(3);
        var membership = source.membership().orElseThrow();
        try (var sink = TransactionalSink.open(SharedBroker.address(), SharedBroker.fresh("node"))) {
            sink.commit(new Tick(List.of(record(output, "sum of 0..2")), completed, Optional.of(membership)))
                    .block(PATIENCE);
            // The broker confirms a commit when it is decided, a moment before it shows.
            await().untilAsserted(() ->
                    assertThat(SharedBroker.committed(group, input, 0)).isEqualTo(3));
            recorder.cancel();
            await().until(() -> source.liveSubscriptions() == 0);
            assertThat(SharedBroker.committed(group, input, 0))
                    .as("the source commits nothing by itself")
                    .isEqualTo(3);
            var later = Map.of(partition, new OffsetAndMetadata(6));
            assertThatThrownBy(() -> sink.commit(
                                    new Tick(List.of(record(output, "stale")), later, Optional.of(membership)))
                            .block(PATIENCE))
                    .isInstanceOf(OwnershipLostException.class);
        }
        assertThat(SharedBroker.committed(group, input, 0)).isEqualTo(3);
        assertVisible(output, "sum of 0..2");
    }

    private static void assertVisible(String topic, String... values) {
        await().untilAsserted(() -> assertThat(committed(topic)).containsExactly(values));
    }

    private static List<String> committed(String topic) {
        return KafkaSource.builder(SharedBroker.address())
                .intake(Intake.all(topic, Intake.oldest()))
                .profile(ConsumerProfile.transactional())
                .untilEnd()
                .build()
                .records()
                .map(r -> new String(r.value(), UTF_8))
                .collectList()
                .block(PATIENCE);
    }

    private static Outbound record(String topic, String value) {
        return Outbound.keyed(topic, "k", 1, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
