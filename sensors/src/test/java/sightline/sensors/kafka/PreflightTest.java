package sightline.sensors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sightline.config.contract.Topics;
import sightline.sensors.broker.BrokerOptions;
import sightline.sensors.broker.EmbeddedBroker;

class PreflightTest {

    @Test
    void theContractsTopicsOnTheEmbeddedBrokerNeedNoChange() {
        List<TopicSpec> contract = TopicSpec.contract(2, 4);
        try (var admin = TopicAdmin.connect(SharedBroker.address())) {
            admin.createMissing(contract);
            assertThat(admin.createMissing(contract)).isEmpty();
            TopicState frames = admin.describe().get(Topics.FRAME_CAMERA.name());
            assertThat(frames.partitions()).isEqualTo(4);
            assertThat(frames.settings())
                    .containsEntry("message.timestamp.type", "CreateTime")
                    .containsEntry("cleanup.policy", "delete");
        }
        assertThat(new Preflight(SharedBroker.address()).check(contract)).isEmpty();
    }

    @Test
    void eachDeviationIsOneSentenceThatNamesTopicSettingAndTarget() {
        Map<String, String> good = Map.of(
                "max.message.bytes", "8388608", "cleanup.policy", "delete", "message.timestamp.type", "CreateTime");
        var bad = new HashMap<>(good);
        bad.putAll(Map.of(
                "max.message.bytes",
                "1000000",
                "cleanup.policy",
                "compact",
                "message.timestamp.type",
                "LogAppendTime"));
        String topic = SharedBroker.topic(1, bad);
        List<Finding> findings = new Preflight(SharedBroker.address())
                .check(List.of(new TopicSpec(topic, 3, good), new TopicSpec("absent-topic", 2, good)));
        assertThat(findings)
                .allMatch(Finding::blocking)
                .extracting(Finding::sentence)
                .satisfiesExactlyInAnyOrder(
                        s -> assertThat(s).contains(topic, "partitions", "from 1 to 3"),
                        s -> assertThat(s).contains(topic, "max.message.bytes", "1000000", "8388608"),
                        s -> assertThat(s).contains(topic, "cleanup.policy", "compact", "delete"),
                        s -> assertThat(s).contains(topic, "message.timestamp.type", "CreateTime"),
                        s -> assertThat(s).contains("Create topic absent-topic with 2 partitions"));
        assertThat(findings).allSatisfy(f -> assertThat(f.sentence()).endsWith("."));
    }

    @Test
    void aBrokerThatCutsLargeRequestsOffIsNamed() throws Exception {
        var tight = BrokerOptions.temporary().with("socket.request.max.bytes", "3000000");
        try (var broker = EmbeddedBroker.start(tight)) {
            List<Finding> findings = new Preflight(broker.bootstrapServers()).check(TopicSpec.contract(1, 1));
            assertThat(findings).extracting(Finding::sentence).anySatisfy(s -> assertThat(s)
                    .contains("socket.request.max.bytes", "3000000", "broker 1"));
        }
    }

    @Test
    void aBrokerThatIsNotThereIsAFindingAndNotAnException() {
        List<Finding> findings = new Preflight("127.0.0.1:1", Duration.ofMillis(500)).check(TopicSpec.contract(1, 1));
        assertThat(findings).singleElement().satisfies(f -> {
            assertThat(f.blocking()).isTrue();
            assertThat(f.sentence()).contains("127.0.0.1:1").contains("--bootstrap-servers");
        });
    }
}
