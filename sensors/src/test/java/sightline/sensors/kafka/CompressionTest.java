package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;

class CompressionTest {

    static List<Topic> oneOfEachCompression() {
        return List.of(Topics.FRAME_CAMERA, Topics.POSE_CAMERA, Topics.TRACK_FUSED);
    }

    @ParameterizedTest
    @MethodSource("oneOfEachCompression")
    void eachTopicIsWrittenAsTheContractSaysAndReadBack(Topic topic) {
        try (var producers = new Producers(Map.of())) {
            assertThat(producers.compression(topic.name())).isEqualTo(topic.compression());
        }
        try (var admin = TopicAdmin.connect(SharedBroker.address())) {
            admin.createMissing(TopicSpec.of(topic, 2, 4));
        }
        byte[] value = new byte[100_000];
        value[7] = 42;
        try (var sink = KafkaSink.to(SharedBroker.address(), "compression")) {
            Sent sent = sink.send(Flux.just(Outbound.keyed(topic.name(), "k", 1, value)))
                    .blockLast(Duration.ofSeconds(30));
            assertThat(sent).isInstanceOf(Sent.Stored.class);
        }
        Inbound read = KafkaSource.builder(SharedBroker.address())
                .intake(Intake.all(topic.name(), Intake.oldest()))
                .build()
                .records()
                .blockFirst(Duration.ofSeconds(30));
        assertThat(read.value()).isEqualTo(value);
    }
}
