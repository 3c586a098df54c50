package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import sightline.config.time.ManualTime;
import sightline.sensors.broker.EmbeddedBroker;

class LagMeterTest {
    private final ManualTime time = ManualTime.at("2026-11-26T12:00:00Z");
    private final String topic = SharedBroker.topic(2);
    private final String group = SharedBroker.fresh("lagging");

    @Test
    void whatIsNotCommittedIsAsOldAsTheFirstMeasurementThatSawIt() {
        try (var meter = LagMeter.connect(SharedBroker.address(), Duration.ofSeconds(20), time)) {
            commit(0, 0);
            commit(1, 0);
            assertThat(lag(meter)).hasValue(new GroupLag(group, topic, 0, 0));
            SharedBroker.fill(topic, 2, 10);
            assertThat(lag(meter)).hasValue(new GroupLag(group, topic, 0, 10));
            time.advance(Duration.ofSeconds(3));
            SharedBroker.fill(topic, 2, 4);
            assertThat(lag(meter)).hasValue(new GroupLag(group, topic, 3, 14));
            commit(0, 5);
            commit(1, 6);
            time.advance(Duration.ofSeconds(1));
            assertThat(lag(meter))
                    .as("partition 0 waits for the second filling")
                    .hasValue(new GroupLag(group, topic, 1, 3));
            commit(0, 7);
            commit(1, 7);
            assertThat(lag(meter)).hasValue(new GroupLag(group, topic, 0, 0));
        }
    }

    @Test
    void anAbsentBrokerIsSaidWithinTheTimeout() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                var meter = LagMeter.connect(broker.bootstrapServers(), Duration.ofSeconds(2), time)) {
            broker.stop();
            assertThatThrownBy(meter::measure)
                    .isInstanceOf(BrokerUnavailableException.class)
                    .hasMessageContaining(broker.bootstrapServers());
        }
    }

    private Optional<GroupLag> lag(LagMeter meter) {
        return meter.measure().stream().filter(l -> l.group().equals(group)).findFirst();
    }

    private void commit(int partition, long offset) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", SharedBroker.address(), "group.id", group),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.commitSync(Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
        }
    }
}
