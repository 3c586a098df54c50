package sightline.sensors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import sightline.sensors.broker.EmbeddedBroker;

/** The broker goes away under full traffic and comes back. */
class BrokerAwayTest {
    private static final String TOPIC = "away";

    private EmbeddedBroker broker;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.temporary();
        try (var admin = TopicAdmin.connect(broker.bootstrapServers())) {
            admin.createMissing(List.of(new TopicSpec(TOPIC, 2, Map.of())));
        }
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void tenSecondsOfAbsenceLoseNothingThatWasAcknowledged() throws Exception {
        survives(Duration.ofSeconds(10));
    }

    @Test
    @Tag("long")
    void aMinuteOfAbsenceLosesNothingThatWasAcknowledged() throws Exception {
        survives(Duration.ofSeconds(60));
    }

    @Test
    void aGroupThatStartsBeforeItsBrokerReadsOnceItIsThere() throws Exception {
        broker.stop();
        var recorder = new Recorder();
        KafkaSource source = source(recorder);
        source.records().subscribe(recorder);
        recorder.request(Long.MAX_VALUE);
        await().during(Duration.ofMillis(500)).until(() -> recorder.failure == null);
        broker.restart();
        SharedBroker.fill(broker.bootstrapServers(), TOPIC, 2, 0, 10);
        await().atMost(Duration.ofSeconds(20)).until(() -> recorder.delivered.size() == 10);
        recorder.cancel();
    }

    @Test
    void cancelWhileTheBrokerIsAwayTakesLessThanASecond() {
        var recorder = new Recorder();
        SharedBroker.fill(broker.bootstrapServers(), TOPIC, 2, 0, 100);
        KafkaSource source = source(recorder);
        source.records().doOnNext(Inbound::acknowledge).subscribe(recorder);
        recorder.request(50);
        await().atMost(Duration.ofSeconds(15)).until(() -> recorder.delivered.size() == 50);
        broker.stop();
        recorder.cancel();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(1))
                .until(() -> source.liveSubscriptions() == 0);
    }

    private void survives(Duration absence) throws Exception {
        Set<String> stored = ConcurrentHashMap.newKeySet();
        var recorder = new Recorder();
        KafkaSource source = source(recorder);
        source.records().doOnNext(Inbound::acknowledge).subscribe(recorder);
        recorder.request(Long.MAX_VALUE);
        try (var sink = KafkaSink.to(broker.bootstrapServers(), "away")) {
            Disposable traffic = sink.send(Flux.interval(Duration.ofMillis(5))
                            .onBackpressureDrop()
                            .map(i -> Outbound.keyed(
                                    TOPIC, "k" + i % 4, i, Long.toString(i).getBytes(UTF_8))))
                    .subscribe(sent -> {
                        if (sent instanceof Sent.Stored) {
                            stored.add(new String(sent.outbound().value(), UTF_8));
                        }
                    });
            await().atMost(Duration.ofSeconds(20)).until(() -> recorder.delivered.size() > 100);
            broker.stop();
            int before = recorder.delivered.size();
            await().pollDelay(absence).atMost(absence.plusSeconds(5)).until(() -> true);
            assertThat(recorder.failure).isNull();
            broker.restart();
            await().atMost(Duration.ofSeconds(5)).until(() -> recorder.delivered.size() > before + 50);
            traffic.dispose();
            await().untilAsserted(() -> assertThat(recorder.reachability).containsSubsequence(true, false, true));
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(recorder.delivered.stream()
                        .map(r -> new String(r.value(), UTF_8))
                        .collect(Collectors.toSet()))
                .containsAll(stored));
        recorder.cancel();
        await().until(() -> source.liveSubscriptions() == 0);
    }

    private KafkaSource source(Recorder recorder) {
        return KafkaSource.builder(broker.bootstrapServers())
                .name("away")
                .intake(Intake.group("away", TOPIC))
                .observer(recorder)
                .build();
    }
}
