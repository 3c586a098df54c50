package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

/** Committing the newest completed offset loses every older one that was still being worked on. */
class OutOfOrderCompletionThenCrashTest {

    @Test
    void onlyTheContiguousFrontIsCommittedAndTheRestIsReadAgain() {
        String topic = SharedBroker.topic(1);
        String group = SharedBroker.fresh("group");
        SharedBroker.fill(topic, 1, 10);
        var first = new Recorder();
        KafkaSource source = source(group, topic).observer(first).build();
        source.records().subscribe(first);
        first.request(10);
        await().until(() -> first.delivered.size() == 10);
        List.of(9, 0, 3, 1, 4, 7).forEach(i -> first.delivered.get(i).acknowledge());
        await().until(() -> SharedBroker.committed(group, topic, 0) == 2);
        first.delivered.get(2).acknowledge();
        await().until(() -> SharedBroker.committed(group, topic, 0) == 5);
        first.cancel();
        await().until(() -> source.liveSubscriptions() == 0);

        var second = new Recorder();
        source.records().subscribe(second);
        second.request(10);
        await().atMost(Duration.ofSeconds(15)).until(() -> second.delivered.size() == 5);
        assertThat(second.numbers()).containsExactly(5, 6, 7, 8, 9);
        second.cancel();
    }

    /** Work that lost its right to go on must not starve what its reader does besides. */
    @Test
    void whatIsLetGoUnreadFreesItsPlaceAndIsReadAgain() {
        String topic = SharedBroker.topic(1);
        String group = SharedBroker.fresh("group");
        SharedBroker.fill(topic, 1, 200);
        var first = new Recorder();
        KafkaSource source =
                source(group, topic).maxInFlight(64).observer(first).build();
        source.records().subscribe(first);
        first.request(1000);
        await().until(() -> first.delivered.size() >= 32);
        await().until(() -> {
            first.delivered.forEach(Inbound::release);
            return first.delivered.size() == 200;
        });
        first.delivered.forEach(Inbound::acknowledge);
        first.cancel();
        await().until(() -> source.liveSubscriptions() == 0);
        assertThat(SharedBroker.committed(group, topic, 0)).isNotPositive();

        var second = new Recorder();
        source.records().subscribe(second);
        second.request(1);
        await().until(() -> second.delivered.size() == 1);
        assertThat(second.numbers()).containsExactly(0);
        second.cancel();
    }

    @Test
    void parallelWorkThatDiesHalfwayLosesNothingAndKeepsTheOrderOfEachKey() {
        String topic = SharedBroker.topic(2);
        String group = SharedBroker.fresh("group");
        SharedBroker.fill(topic, 2, 400);
        Set<Integer> done = ConcurrentHashMap.newKeySet();
        List<String> disorder = Collections.synchronizedList(new java.util.ArrayList<>());
        work(group, topic, done, disorder, 150);
        int afterCrash = done.size();
        assertThat(afterCrash).isBetween(150, 399);
        work(group, topic, done, disorder, 400);
        assertThat(done).containsAll(IntStream.range(0, 400).boxed().toList());
        assertThat(disorder).isEmpty();
    }

    private static void work(String group, String topic, Set<Integer> done, List<String> disorder, int until) {
        KafkaSource source =
                source(group, topic).maxInFlight(64).drain(Duration.ZERO).build();
        var newest = new ConcurrentHashMap<String, Integer>();
        Disposable running = Inbound.discarding(KeyedParallel.map(source.records(), Inbound::key, 4, 32, inbound -> {
                    int number = SharedBroker.number(inbound);
                    // Keys advance through both partitions; order holds within key and partition.
                    Integer before = newest.put(inbound.key() + "/" + inbound.partition(), number);
                    if (before != null && before >= number) {
                        disorder.add(inbound.key() + ": " + number + " after " + before);
                    }
                    LockSupport.parkNanos(100_000L * (number * 31 % 17));
                    done.add(number);
                    inbound.acknowledge();
                    return number;
                }))
                .subscribe();
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> done.size() >= until);
        running.dispose();
        await().until(() -> source.liveSubscriptions() == 0);
    }

    private static KafkaSource.Builder source(String group, String topic) {
        return KafkaSource.builder(SharedBroker.address())
                .name("crash")
                .intake(Intake.group(group, topic))
                .commitInterval(Duration.ofMillis(20));
    }
}
