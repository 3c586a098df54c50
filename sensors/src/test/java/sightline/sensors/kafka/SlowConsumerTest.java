package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A subscriber slower than max.poll.interval.ms is thrown out of its group, unless polling goes on without it. */
class SlowConsumerTest {

    @Test
    void aSubscriberThatBlocksLongerThanThePollIntervalKeepsItsPartitionsAndItsMemoryBound() {
        String topic = SharedBroker.topic(2);
        String group = SharedBroker.fresh("group");
        SharedBroker.fill(topic, 2, 2000);
        var release = new CountDownLatch(1);
        var recorder = new Recorder();
        KafkaSource source = KafkaSource.builder(SharedBroker.address())
                .name("slow")
                .intake(Intake.group(group, topic))
                .maxInFlight(40)
                .property("max.poll.interval.ms", "1500")
                .observer(recorder)
                .build();
        source.records()
                .doOnNext(inbound -> {
                    pass(release);
                    inbound.acknowledge();
                })
                .subscribe(recorder);
        recorder.request(Long.MAX_VALUE);
        await().until(() -> recorder.polled.get() > 0);
        await().during(Duration.ofMillis(3500))
                .atMost(Duration.ofSeconds(8))
                .until(() -> recorder.revocations.get() == 0 && recorder.delivered.isEmpty());
        assertThat(recorder.polled.get()).isLessThanOrEqualTo(40);
        release.countDown();
        await().atMost(Duration.ofSeconds(20)).until(() -> recorder.delivered.size() == 2000);
        assertThat(recorder.mostHeld.get()).isLessThanOrEqualTo(40);
        assertThat(recorder.revocations.get()).isZero();
        recorder.cancel();
    }

    @Test
    void onePartitionThatIsStuckDoesNotStopTheOthers() {
        String topic = SharedBroker.topic(2);
        SharedBroker.fill(topic, 2, 1000);
        var recorder = new Recorder();
        KafkaSource source = KafkaSource.builder(SharedBroker.address())
                .name("stuck")
                .intake(Intake.group(SharedBroker.fresh("group"), topic))
                .maxInFlight(64)
                .observer(recorder)
                .build();
        source.records()
                .doOnNext(inbound -> {
                    if (inbound.partition() == 1) {
                        inbound.acknowledge();
                    }
                })
                .subscribe(recorder);
        recorder.request(Long.MAX_VALUE);
        await().atMost(Duration.ofSeconds(15))
                .until(() -> recorder.delivered.stream()
                                .filter(r -> r.partition() == 1)
                                .count()
                        == 500);
        assertThat(recorder.mostHeld.get()).isLessThanOrEqualTo(64);
        recorder.cancel();
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
