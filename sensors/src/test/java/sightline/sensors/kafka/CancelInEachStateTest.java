package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Whatever a source is doing, cancelling it frees its threads and its client within a second. */
class CancelInEachStateTest {
    private static final Duration AT_MOST = Duration.ofSeconds(1);

    @Test
    void beforeAnybodyAnswers() {
        var recorder = new Recorder();
        KafkaSource source = KafkaSource.builder("127.0.0.1:1")
                .intake(Intake.group("nobody", "nothing"))
                .build();
        source.records().subscribe(recorder);
        recorder.request(1);
        cancel(source, recorder);
    }

    @Test
    void beforeAnybodyAnswersAnAssignment() {
        var recorder = new Recorder();
        KafkaSource source = KafkaSource.builder("127.0.0.1:1")
                .intake(Intake.all("nothing", Intake.newest()))
                .build();
        source.records().subscribe(recorder);
        recorder.request(1);
        cancel(source, recorder);
    }

    @Test
    void whileTheBrokersNameIsUnknown() {
        var recorder = new Recorder();
        KafkaSource source = KafkaSource.builder("broker.invalid:9092")
                .intake(Intake.group("nobody", "nothing"))
                .observer(recorder)
                .build();
        source.records().subscribe(recorder);
        recorder.request(1);
        await().until(() -> recorder.reachability.contains(false));
        cancel(source, recorder);
    }

    @Test
    void whileTheTopicDoesNotExist() {
        var recorder = new Recorder();
        KafkaSource source = group("no-such-topic-yet", recorder).build();
        source.records().subscribe(recorder);
        recorder.request(1);
        await().until(() -> source.liveSubscriptions() == 1);
        cancel(source, recorder);
    }

    @Test
    void whileJoiningTheGroup() {
        var recorder = new Recorder();
        KafkaSource source = group(SharedBroker.topic(2), recorder).build();
        source.records().subscribe(recorder);
        cancel(source, recorder);
    }

    @Test
    void idleWithDemand() {
        var recorder = new Recorder();
        KafkaSource source = group(SharedBroker.topic(2), recorder).build();
        source.records().subscribe(recorder);
        recorder.request(Long.MAX_VALUE);
        await().until(() -> recorder.assigned.size() == 2);
        cancel(source, recorder);
    }

    @Test
    void pausedWithoutDemand() {
        var recorder = new Recorder();
        String topic = SharedBroker.topic(2);
        SharedBroker.fill(topic, 2, 500);
        KafkaSource source = group(topic, recorder).build();
        source.records().subscribe(recorder);
        recorder.request(3);
        await().until(() -> recorder.delivered.size() == 3);
        cancel(source, recorder);
        assertThat(recorder.polled.get() - recorder.disposed.get())
                .as("what the source held is released, what was delivered is the subscriber's")
                .isEqualTo(3);
    }

    @Test
    void fullWithNothingAcknowledged() {
        var recorder = new Recorder();
        String topic = SharedBroker.topic(2);
        SharedBroker.fill(topic, 2, 500);
        KafkaSource source = group(topic, recorder).maxInFlight(16).build();
        source.records().subscribe(recorder);
        recorder.request(Long.MAX_VALUE);
        await().until(() -> recorder.delivered.size() >= 12);
        cancel(source, recorder);
    }

    @Test
    void whileTheSubscriberBlocks() {
        var recorder = new Recorder();
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        String topic = SharedBroker.topic(1);
        SharedBroker.fill(topic, 1, 50);
        KafkaSource source = group(topic, recorder).build();
        source.records()
                .doOnNext(r -> {
                    entered.countDown();
                    awaitLatch(release);
                })
                .subscribe(recorder);
        recorder.request(Long.MAX_VALUE);
        await().until(() -> entered.getCount() == 0);
        cancel(source, recorder);
        release.countDown();
    }

    @Test
    void fromWithinOnNext() {
        var recorder = new Recorder();
        String topic = SharedBroker.topic(1);
        SharedBroker.fill(topic, 1, 50);
        KafkaSource source = group(topic, recorder).build();
        source.records().doOnNext(Inbound::acknowledge).take(5).subscribe(recorder);
        recorder.request(Long.MAX_VALUE);
        await().until(() -> recorder.completed);
        await().atMost(AT_MOST).until(() -> source.liveSubscriptions() == 0);
        assertThat(recorder.delivered).hasSize(5);
    }

    @Test
    void duringARebalance() {
        String topic = SharedBroker.topic(4);
        String group = SharedBroker.fresh("group");
        var first = new Recorder();
        var second = new Recorder();
        KafkaSource one = inGroup(group, topic, first);
        KafkaSource two = inGroup(group, topic, second);
        one.records().subscribe(first);
        first.request(Long.MAX_VALUE);
        await().until(() -> first.assigned.size() == 4);
        two.records().subscribe(second);
        second.request(Long.MAX_VALUE);
        await().pollInterval(Duration.ofMillis(1)).until(() -> first.revocations.get() > 0);
        cancel(one, first);
        cancel(two, second);
    }

    private static void cancel(KafkaSource source, Recorder recorder) {
        int before = recorder.delivered.size();
        recorder.cancel();
        await().pollInterval(Duration.ofMillis(5)).atMost(AT_MOST).until(() -> source.liveSubscriptions() == 0);
        assertThat(recorder.delivered.size()).isBetween(before, before + 1);
        assertThat(recorder.failure).isNull();
    }

    private static KafkaSource.Builder group(String topic, Recorder recorder) {
        return KafkaSource.builder(SharedBroker.address())
                .name("cancel")
                .intake(Intake.group(SharedBroker.fresh("group"), topic))
                .observer(recorder);
    }

    private static KafkaSource inGroup(String group, String topic, Recorder recorder) {
        return KafkaSource.builder(SharedBroker.address())
                .name("cancel")
                .intake(Intake.group(group, topic))
                .observer(recorder)
                .build();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
