package sightline.sensors.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

    @Test
    void temporaryBrokerServesAndLeavesNothingBehind() throws Exception {
        Path directory;
        try (var broker = EmbeddedBroker.temporary()) {
            directory = broker.directory();
            createTopic(broker, "here");
            assertThat(topics(broker)).contains("here");
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void topicsSurviveStopAndSecondStartInTheSameDirectory(@TempDir Path directory) throws Exception {
        var options = BrokerOptions.persistent(directory);
        try (var broker = EmbeddedBroker.start(options)) {
            createTopic(broker, "kept");
            String address = broker.bootstrapServers();
            broker.stop();
            assertThat(broker.running()).isFalse();
            broker.restart();
            assertThat(broker.bootstrapServers()).isEqualTo(address);
            assertThat(topics(broker)).contains("kept");
        }
        assertThat(Files.exists(directory.resolve("meta.properties"))).isTrue();
        try (var again = EmbeddedBroker.start(options)) {
            assertThat(topics(again)).contains("kept");
        }
    }

    @Test
    void portAskedForAndTakenIsNamedInTheFailure() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var options = BrokerOptions.temporary().listeningOn("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> EmbeddedBroker.start(options).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
        }
    }

    private static void createTopic(EmbeddedBroker broker, String name) throws Exception {
        try (var admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(20, TimeUnit.SECONDS);
        }
    }

    private static java.util.Set<String> topics(EmbeddedBroker broker) throws Exception {
        try (var admin = admin(broker)) {
            return admin.listTopics().names().get(20, TimeUnit.SECONDS);
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
