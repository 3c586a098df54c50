package sightline.pipeline.topology;

import java.util.Map;
import java.util.TreeMap;
import sightline.config.contract.Codec;
import sightline.config.contract.Codecs;
import sightline.config.contract.Headers;
import sightline.config.contract.Topic;
import sightline.config.ledger.Ledger;
import sightline.config.site.Site;
import sightline.config.time.Instants;
import sightline.config.time.TimeSource;
import sightline.sensors.kafka.DeadLetters;
import sightline.sensors.kafka.KafkaSink;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.TopicAdmin;
import sightline.sensors.kafka.TopicSpec;

/**
 * What all stages of a process share: the cluster, one sink, the ledger, the clock, and who comes first.
 *
 * <p>Threading: safe from any thread. Ownership: close it after the stages.
 */
public final class Bus implements AutoCloseable {
    private final String bootstrapServers;
    private final Ledger ledger;
    private final TimeSource time;
    private final Arbiter arbiter;
    private final KafkaSink sink;
    private final DeadLetters deadLetters;

    private Bus(String bootstrapServers, Ledger ledger, TimeSource time) {
        this.bootstrapServers = bootstrapServers;
        this.ledger = ledger;
        this.time = time;
        this.arbiter = new Arbiter(time);
        this.sink = KafkaSink.to(bootstrapServers, "sightline");
        this.deadLetters = DeadLetters.to(bootstrapServers);
    }

    /** Connects, and creates the topics of the contract that are missing. */
    public static Bus connect(String bootstrapServers, Site site, Ledger ledger, TimeSource time) {
        try (TopicAdmin admin = TopicAdmin.connect(bootstrapServers)) {
            int cameras = (int) site.sensors().stream()
                    .filter(s -> s.calibration().isPresent())
                    .count();
            admin.createMissing(TopicSpec.contract(site.nodes().size(), cameras));
        }
        return new Bus(bootstrapServers, ledger, time);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    public Ledger ledger() {
        return ledger;
    }

    public TimeSource time() {
        return time;
    }

    public Arbiter arbiter() {
        return arbiter;
    }

    public KafkaSink sink() {
        return sink;
    }

    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /** A message of the contract as a record, its time being the exposure time. */
    public static <T> Outbound message(Topic topic, Codec<T> codec, String key, long exposureNanos, T value) {
        return Outbound.keyed(topic.name(), key, exposureNanos / 1_000_000, codec.encode(value))
                .with(headers(codec, key, exposureNanos));
    }

    private static Map<String, String> headers(Codec<?> codec, String key, long exposureNanos) {
        Map<String, String> headers = new TreeMap<>();
        headers.put(Headers.CE_SPECVERSION, "1.0");
        headers.put(Headers.CE_ID, key + "/" + exposureNanos);
        headers.put(Headers.CE_SOURCE, "/sightline/" + key);
        headers.put(Headers.CE_TYPE, codec.type());
        headers.put(Headers.CE_TIME, Instants.format(exposureNanos));
        headers.put(Headers.CONTENT_TYPE, "application/protobuf");
        headers.put(Headers.SCHEMA, Integer.toString(Codecs.SCHEMA_VERSION));
        return headers;
    }

    @Override
    public void close() {
        sink.close();
        deadLetters.close();
    }
}
