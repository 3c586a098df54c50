package sightline.sensors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import sightline.sensors.testing.FaultyNetwork;
import sightline.sensors.testing.Weather;

/** Steady traffic over a network that turns bad: nothing that was acknowledged is lost, and no more is held than agreed. */
class BadNetworkTest {
    private static final int HELD = 64;

    private static FaultyNetwork.Behind site;

    private final Set<String> stored = ConcurrentHashMap.newKeySet();
    private final Recorder recorder = new Recorder();
    private final String topic = SharedBroker.fresh("weather");
    private KafkaSource source;
    private KafkaSink sink;
    private Disposable traffic;

    @BeforeAll
    static void build() throws IOException {
        site = FaultyNetwork.broker();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @BeforeEach
    void start() {
        try (var admin = TopicAdmin.connect(site.network().address())) {
            // Times are numbers here; no clean-up may take them for records of 1970.
            admin.createMissing(List.of(new TopicSpec(topic, 2, Map.of("retention.ms", "-1"))));
        }
        source = KafkaSource.builder(site.network().address())
                .name("weather")
                .intake(Intake.group(topic, topic))
                .maxInFlight(HELD)
                .observer(recorder)
                .build();
        source.records().doOnNext(Inbound::acknowledge).subscribe(recorder);
        recorder.request(Long.MAX_VALUE);
        sink = KafkaSink.to(site.network().address(), "weather");
        traffic = sink.send(Flux.interval(Duration.ofMillis(5))
                        .onBackpressureDrop()
                        .map(i -> Outbound.keyed(topic, "k" + i % 4, i, padded(i))))
                .subscribe(sent -> {
                    if (sent instanceof Sent.Stored) {
                        stored.add(number(sent.outbound().value()));
                    }
                });
        await().atMost(Duration.ofSeconds(20)).until(() -> recorder.delivered.size() > 100);
    }

    @AfterEach
    void everythingThatWasAcknowledgedArrives() {
        site.network().turn(Weather.FAIR);
        traffic.dispose();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        recorder.delivered.stream().map(r -> number(r.value())).collect(Collectors.toSet()))
                .containsAll(stored));
        assertThat(recorder.failure).isNull();
        assertThat(recorder.mostHeld.get()).isLessThanOrEqualTo(HELD);
        recorder.cancel();
        sink.close();
        await().until(() -> source.liveSubscriptions() == 0);
    }

    @Test
    void twoHundredMillisecondsMoreEachWay() {
        site.network().turn(Weather.late(Duration.ofMillis(200)));
        flowsOn(100);
    }

    @Test
    void resetConnections() {
        for (int i = 0; i < 3; i++) {
            site.network().reset();
            flowsOn(50);
        }
    }

    @Test
    void oneMegabitASecond() {
        site.network().turn(Weather.narrow(125_000));
        flowsOn(50);
    }

    @Test
    void bytesThatArriveInSlivers() {
        site.network().turn(Weather.slicing(7));
        flowsOn(50);
    }

    @Test
    void aSilenceOfThreeSecondsIsOverWithinFive() {
        silenceOf(Duration.ofSeconds(3));
    }

    @Test
    @Tag("long")
    void aSilenceOfAMinuteIsOverWithinFiveSeconds() {
        silenceOf(Duration.ofSeconds(60));
    }

    private void silenceOf(Duration absence) {
        site.network().turn(Weather.SILENT);
        await().pollDelay(absence).atMost(absence.plusSeconds(5)).until(() -> true);
        int before = recorder.delivered.size();
        site.network().turn(Weather.FAIR);
        await().atMost(Duration.ofSeconds(5)).until(() -> recorder.delivered.size() > before + 50);
    }

    private void flowsOn(int more) {
        int before = recorder.delivered.size();
        await().atMost(Duration.ofSeconds(20)).until(() -> recorder.delivered.size() > before + more);
    }

    private static byte[] padded(long number) {
        return String.format("%010d%s", number, "x".repeat(500)).getBytes(UTF_8);
    }

    private static String number(byte[] value) {
        return new String(value, 0, 10, UTF_8);
    }
}
