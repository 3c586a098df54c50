package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.config.ledger.Ledger;
import sightline.config.time.Instants;
import sightline.config.time.TimeSource;
import sightline.pipeline.declared.NetworkChoices;
import sightline.pipeline.settings.AllSettings;
import sightline.pipeline.topology.Assembly.Role;
import sightline.pipeline.web.WebSettings;
import sightline.sensors.broker.EmbeddedBroker;

/**
 * Fusion nodes are JVM processes that share nothing but Kafka; some of them are killed with {@code kill -9} in the middle of
 * their work. The fused topic must be the one that it is when nobody dies: the same digests, the same track ids, no tick
 * missing or twice.
 */
@Tag("long")
class KilledNodesTest {
    private static final Duration LENGTH = Duration.ofSeconds(14);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long SEED = 7;

    @TempDir
    private Path folder;

    private final TimeSource time = TimeSource.system();
    private final long start = time.nanos() - Duration.ofMinutes(1).toNanos();

    @Test
    void killedTwiceTheFusedTopicIsWhatItIsWithoutHarm() throws Exception {
        Map<Long, Map<String, String>> undisturbed = undisturbed();
        assertThat(undisturbed).hasSizeGreaterThan(60);
        assertThat(disturbed()).isEqualTo(undisturbed);
    }

    /** One process for all nodes, and nobody dies. */
    private Map<Long, Map<String, String>> undisturbed() throws IOException {
        Feed feed = new Feed(SEED, start, LENGTH);
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Bus bus = bus(broker, feed);
                Published published = new Published(bus);
                Assembly all = Assembly.start(new Assembly.Options(
                        Set.of(Role.FUSION),
                        Optional.of(broker.bootstrapServers()),
                        feed.plaza.site(),
                        Optional.empty(),
                        WebSettings.defaults(),
                        Optional.empty(),
                        folder,
                        true,
                        OptionalLong.of(start),
                        NetworkChoices.SHIPPED,
                        AllSettings.REGISTRY.defaults()))) {
            feed.sendUpTo(1, bus.sink());
            Map<Long, Map<String, String>> outcome = reached(published, feed.tickAt(1));
            assertThat(all.readiness()).isNotEmpty();
            return outcome;
        }
    }

    /** Three processes; one dies after a third of the data, another after two thirds; one more joins in between. */
    private Map<Long, Map<String, String>> disturbed() throws Exception {
        Feed feed = new Feed(SEED, start, LENGTH);
        try (EmbeddedBroker broker = EmbeddedBroker.temporary();
                Bus bus = bus(broker, feed);
                Published published = new Published(bus);
                Member first = member("first", broker);
                Member second = member("second", broker);
                Member third = member("third", broker)) {
            feed.sendUpTo(0.33, bus.sink());
            reached(published, feed.tickAt(0.2));
            first.kill();
            feed.sendUpTo(0.66, bus.sink());
            reached(published, feed.tickAt(0.5));
            try (Member fourth = member("fourth", broker)) {
                second.kill();
                feed.sendUpTo(1, bus.sink());
                Map<Long, Map<String, String>> outcome = reached(published, feed.tickAt(1));
                assertThat(third.alive() && fourth.alive()).isTrue();
                return outcome;
            }
        }
    }

    private Bus bus(EmbeddedBroker broker, Feed feed) {
        return Bus.connect(broker.bootstrapServers(), feed.plaza.site(), Ledger.create(time), time);
    }

    private Member member(String name, EmbeddedBroker broker) throws IOException {
        return Member.start(
                folder,
                name,
                broker.bootstrapServers(),
                "--roles",
                "FUSION",
                "--seed",
                Long.toString(SEED),
                "--replay-from",
                Instants.format(start));
    }

    /** The last ticks of a feed are not closed by all nodes, so what is compared ends a little before. */
    private static Map<Long, Map<String, String>> reached(Published published, long tick) {
        await().atMost(PATIENCE).until(() -> published.lastTick() > tick);
        return published.upTo(tick);
    }
}
