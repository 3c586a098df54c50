package sightline.sensors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** A node that dies between its output and its offsets counts things twice or not at all. */
class ExactlyOnceTest {
    private static final int RECORDS = 300;
    private static final int TICK = 25;

    /** Reads, and writes each number once, in transactions of a tick; dies after some ticks with one half done. */
    private static void live(String group, String input, String output, String role, int ticksUntilDeath) {
        KafkaSource source = KafkaSource.builder(SharedBroker.address())
                .name("node")
                .intake(Intake.alignedGroup(group, input))
                .commits(CommitMode.TRANSACTION)
                .drain(Duration.ZERO)
                .build();
        try (var sink = TransactionalSink.open(SharedBroker.address(), role)) {
            sink.acquire().block(Duration.ofSeconds(20));
            var ticks = new AtomicInteger();
            var failures = new CopyOnWriteArrayList<Throwable>();
            Disposable running = source.records()
                    .bufferTimeout(TICK, Duration.ofMillis(200), true)
                    .concatMap(
                            batch -> {
                                List<Outbound> made = batch.stream()
                                        .map(r -> new Outbound(
                                                output, OptionalInt.of(0), 1, r.key(), r.value(), Map.of()))
                                        .toList();
                                batch.forEach(Inbound::acknowledge);
                                return sink.commit(new Tick(made, source.completed(), source.membership()))
                                        .thenReturn(ticks.incrementAndGet());
                            },
                            1)
                    .subscribe(n -> {}, failures::add);
            await().failFast("the stream failed", () -> assertThat(failures).isEmpty())
                    .until(() -> ticks.get() >= ticksUntilDeath || SharedBroker.committed(group, input, 0) == RECORDS);
            running.dispose();
            await().until(() -> source.liveSubscriptions() == 0);
        }
    }

    @Test
    void everyInputHasExactlyOneOutputHoweverOftenTheNodeDies() {
        String input = SharedBroker.topic(1);
        String output = SharedBroker.topic(1);
        String group = SharedBroker.fresh("group");
        String role = SharedBroker.fresh("node");
        SharedBroker.fill(input, 1, RECORDS);
        for (int ticks : List.of(3, 1, 5, Integer.MAX_VALUE)) {
            live(group, input, output, role, ticks);
        }
        await().untilAsserted(() -> assertThat(written(output))
                .isEqualTo(IntStream.range(0, RECORDS).boxed().toList()));
    }

    private static List<Integer> written(String output) {
        return KafkaSource.builder(SharedBroker.address())
                .intake(Intake.all(output, Intake.oldest()))
                .profile(ConsumerProfile.transactional())
                .untilEnd()
                .build()
                .records()
                .doOnNext(Inbound::acknowledge)
                .map(r -> Integer.parseInt(new String(r.value(), UTF_8)))
                .collectList()
                .block(Duration.ofSeconds(20));
    }
}
