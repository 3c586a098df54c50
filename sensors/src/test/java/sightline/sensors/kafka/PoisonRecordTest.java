package sightline.sensors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import sightline.config.contract.Codecs;
import sightline.config.contract.Headers;
import sightline.config.domain.DeadLetter;
import sightline.config.ledger.Ledger;
import sightline.config.time.TimeSource;

/** One record that cannot be processed must never stop its partition, nor vanish. */
class PoisonRecordTest {

    @Test
    void aRecordThatCannotBeDecodedIsBuriedWithItsCauseAndTheNextOnesArrive() {
        String topic = SharedBroker.topic(1);
        var garbage = new ProducerRecord<>(topic, 0, 1_234L, bytes("k"), bytes("garbage"));
        garbage.headers().add("traceparent", bytes("00-ab-cd-01"));
        SharedBroker.write(SharedBroker.address(), List.of(value(topic, "1"), garbage, value(topic, "3")));
        var decoded = new CopyOnWriteArrayList<Integer>();
        String group = SharedBroker.fresh("group");
        KafkaSource source = source(group, topic).build();
        var running = Inbound.mapOrDeadLetter(source.records(), "decode", SharedBroker::number)
                .subscribe(decoded::add);
        Inbound letter = letter(topic);
        assertThat(letter.value()).isEqualTo(bytes("garbage"));
        assertThat(letter.key()).isEqualTo("k");
        assertThat(letter.timestampMillis()).isEqualTo(1_234L);
        assertThat(letter.header("traceparent")).contains("00-ab-cd-01");
        assertThat(letter.header(DeadLetterHeaders.TOPIC)).contains(topic);
        assertThat(letter.header(DeadLetterHeaders.OFFSET)).contains("1");
        assertThat(letter.header(DeadLetterHeaders.STAGE)).contains("decode");
        assertThat(letter.header(DeadLetterHeaders.EXCEPTION_CLASS)).contains(NumberFormatException.class.getName());
        assertThat(letter.header(DeadLetterHeaders.EXCEPTION_MESSAGE).orElseThrow())
                .contains("garbage");
        DeadLetter why = why(letter);
        assertThat(why.replayable()).isTrue();
        assertThat(why.topic()).isEqualTo(topic);
        assertThat(why.stage()).isEqualTo("decode");
        assertThat(why.failure()).isEqualTo(NumberFormatException.class.getName());
        assertThat(why.valueBytes()).isEqualTo(letter.value().length);
        assertThat(why.origin()).as("the record does not say").isEmpty();
        await().untilAsserted(() -> assertThat(decoded).containsExactly(1, 3));
        running.dispose();
    }

    @Test
    void aRecordWithoutValueIsRefusedWhereABodyIsDue() {
        String topic = SharedBroker.topic(1);
        SharedBroker.write(
                SharedBroker.address(),
                List.of(new ProducerRecord<>(topic, 0, bytes("k"), (byte[]) null), value(topic, "2")));
        assertRefusedAndPassed(topic, Admission.valueRequired(), "without a value");
    }

    @Test
    void aRecordOfAnUnknownSchemaVersionIsRefused() {
        String topic = SharedBroker.topic(1);
        var future = value(topic, "1");
        future.headers().add(Headers.SCHEMA, bytes("7"));
        var known = value(topic, "2");
        known.headers().add(Headers.SCHEMA, bytes("1"));
        SharedBroker.write(SharedBroker.address(), List.of(future, known));
        assertRefusedAndPassed(topic, Admission.schemaUpTo(Headers.SCHEMA, 1), "schema version '7'");
    }

    @Test
    void anOversizedRecordIsRefusedAndLeavesItsDigestWhereTheDeadLettersCannotTakeItWhole() {
        String topic = SharedBroker.topic(1, Map.of("max.message.bytes", "2000000"));
        try (var admin = TopicAdmin.connect(SharedBroker.address())) {
            admin.createMissing(List.of(new TopicSpec(topic + ".dlq", 1, Map.of("max.message.bytes", "50000"))));
        }
        var huge = new ProducerRecord<>(topic, 0, bytes("k"), new byte[1_000_000]);
        SharedBroker.write(SharedBroker.address(), List.of(huge, value(topic, "2")));
        Inbound letter = assertRefusedAndPassed(topic, Admission.atMost(1000), "1000000 bytes");
        assertThat(letter.tombstone()).isTrue();
        assertThat(why(letter).valueBytes()).isEqualTo(1_000_000);
        assertThat(why(letter).replayable()).isFalse();
        assertThat(why(letter).valueSha256()).hasSize(64);
    }

    @Test
    void aFrameLargerThanTheFetchLimitStillArrives() {
        String topic = SharedBroker.topic(1, Map.of("max.message.bytes", "2000000"));
        SharedBroker.write(
                SharedBroker.address(),
                List.of(new ProducerRecord<>(topic, 0, bytes("k"), new byte[1_500_000]), value(topic, "2")));
        var recorder = new Recorder();
        source(SharedBroker.fresh("group"), topic)
                .profile(new ConsumerProfile(1000, 2000, 1, 10, true, false))
                .build()
                .records()
                .subscribe(recorder);
        recorder.request(2);
        await().atMost(Duration.ofSeconds(15)).until(() -> recorder.delivered.size() == 2);
        assertThat(recorder.delivered.getFirst().value()).hasSize(1_500_000);
        recorder.cancel();
    }

    @Test
    void theLedgerSaysWhatBecameOfEveryRecord() {
        String topic = SharedBroker.topic(1);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            records.add(value(topic, i % 5 == 4 ? "poison" : Integer.toString(i)));
        }
        SharedBroker.write(SharedBroker.address(), records);
        Ledger ledger = Ledger.create(TimeSource.system());
        String group = SharedBroker.fresh("group");
        KafkaSource source = source(group, topic).ledger(ledger, "bridge").build();
        var running = Inbound.discarding(
                        Inbound.mapOrDeadLetter(source.records().filter(r -> r.offset() % 5 != 0), "decode", r -> {
                            int number = SharedBroker.number(r);
                            r.acknowledge();
                            return number;
                        }))
                .subscribe();
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            var row = ledger.snapshot().stage("bridge");
            assertThat(row.received()).isEqualTo(20);
            assertThat(row.superseded()).isEqualTo(4);
            assertThat(row.invalid()).isEqualTo(4);
            assertThat(row.done()).isEqualTo(12);
            assertThat(row.inFlight()).isZero();
            assertThat(row.unaccounted()).isZero();
            assertThat(SharedBroker.committed(group, topic, 0)).isEqualTo(20);
        });
        running.dispose();
    }

    private static Inbound assertRefusedAndPassed(String topic, Admission admission, String reason) {
        String group = SharedBroker.fresh("group");
        var recorder = new Recorder();
        KafkaSource source =
                source(group, topic).admit(admission).observer(recorder).build();
        source.records().subscribe(recorder);
        recorder.request(10);
        Inbound letter = letter(topic);
        assertThat(letter.header(DeadLetterHeaders.STAGE)).contains("admission");
        assertThat(letter.header(DeadLetterHeaders.EXCEPTION_MESSAGE).orElseThrow())
                .contains(reason);
        await().until(() -> recorder.delivered.size() == 1);
        assertThat(recorder.numbers()).containsExactly(2);
        recorder.delivered.forEach(Inbound::acknowledge);
        await().until(() -> SharedBroker.committed(group, topic, 0) == 2);
        recorder.cancel();
        return letter;
    }

    private static DeadLetter why(Inbound letter) {
        return Codecs.DEAD_LETTER.decode(
                letter.headers().lastHeader(Headers.DEAD_LETTER).value());
    }

    private static Inbound letter(String topic) {
        return KafkaSource.builder(SharedBroker.address())
                .intake(Intake.all(topic + ".dlq", Intake.oldest()))
                .build()
                .records()
                .blockFirst(Duration.ofSeconds(15));
    }

    private static KafkaSource.Builder source(String group, String topic) {
        return KafkaSource.builder(SharedBroker.address())
                .name("poison")
                .commitInterval(Duration.ofMillis(50))
                .intake(Intake.group(group, topic));
    }

    private static ProducerRecord<byte[], byte[]> value(String topic, String value) {
        return new ProducerRecord<>(topic, 0, bytes("k"), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
