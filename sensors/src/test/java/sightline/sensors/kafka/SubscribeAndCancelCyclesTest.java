package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Something that stays behind from each cancelled source adds up over weeks of cameras coming and going. */
class SubscribeAndCancelCyclesTest {
    private static final int WARM_UP = 5;

    @Test
    void thirtyCyclesLeaveNoThreadAndNoFileBehind() {
        cycles(30);
    }

    @Test
    @Tag("long")
    void aThousandCyclesLeaveNoThreadAndNoFileBehind() {
        cycles(1000);
    }

    private static void cycles(int count) {
        String topic = SharedBroker.topic(2);
        SharedBroker.fill(topic, 2, 50);
        for (int i = 0; i < WARM_UP; i++) {
            cycle(topic, i);
        }
        int threads = ourThreads();
        long files = openFiles();
        for (int i = 0; i < count; i++) {
            cycle(topic, i);
        }
        await().untilAsserted(() -> assertThat(ourThreads()).isLessThanOrEqualTo(threads));
        // The broker closes its side of a connection a moment later, and opens files of its own now and then.
        await().untilAsserted(() -> assertThat(openFiles()).isLessThan(files + 15));
    }

    /** Cancelled at various points: before, while and after records arrive. */
    private static void cycle(String topic, int i) {
        var recorder = new Recorder();
        KafkaSource source = KafkaSource.builder(SharedBroker.address())
                .name("cycle")
                .intake(Intake.all(topic, Intake.oldest()))
                .drain(Duration.ZERO)
                .build();
        source.records().doOnNext(Inbound::acknowledge).subscribe(recorder);
        recorder.request(i % 3 == 0 ? 1 : 50);
        await().pollInterval(Duration.ofMillis(2)).until(() -> recorder.delivered.size() >= i % 3 * 25);
        recorder.cancel();
        await().pollInterval(Duration.ofMillis(2)).until(() -> source.liveSubscriptions() == 0);
    }

    private static int ourThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().contains("kafka-poll")
                        || t.getName().contains("kafka-emit")
                        || t.getName().contains("kafka-dead"))
                .count();
    }

    private static long openFiles() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        Assumptions.assumeTrue(system instanceof UnixOperatingSystemMXBean, "open files are only counted on Unix");
        return ((UnixOperatingSystemMXBean) system).getOpenFileDescriptorCount();
    }
}
