package sightline.pipeline.topology;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import sightline.config.contract.Codec;
import sightline.config.contract.Codecs;
import sightline.config.contract.Headers;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;
import sightline.config.ledger.Ledger;
import sightline.config.site.Site;
import sightline.config.time.Instants;
import sightline.config.time.StampRules;
import sightline.config.time.TimeSource;
import sightline.pipeline.metrics.StampCount;
import sightline.sensors.kafka.Admission;
import sightline.sensors.kafka.DeadLetters;
import sightline.sensors.kafka.KafkaSink;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.TopicAdmin;
import sightline.sensors.kafka.TopicSpec;

/**
 * What all stages of a process share: the cluster, one sink, the ledger, the clock, and who comes first.
 *
 * <p>Threading: safe from any thread. Ownership: close it after the stages.
 */
public final class Bus implements AutoCloseable {
    /**
     * How stages read.
     *
     * @param commitInterval between commits of finished offsets
     * @param drain how long a lost partition waits for work that is under way
     * @param window records of a partition from its oldest unfinished one to its newest
     */
    public record Habits(Duration commitInterval, Duration drain, int window) {
        public static final Habits DEFAULT = new Habits(Duration.ofMillis(500), Duration.ofMillis(200), 4096);
    }

    private final String bootstrapServers;
    private final Habits habits;
    private final Ledger ledger;
    private final TimeSource time;
    private final Arbiter arbiter;
    private final KafkaSink sink;
    private final DeadLetters deadLetters;
    private final List<SensorClocks> clocks = new CopyOnWriteArrayList<>();

    private Bus(String bootstrapServers, Ledger ledger, TimeSource time, Habits habits) {
        this.bootstrapServers = bootstrapServers;
        this.habits = habits;
        this.ledger = ledger;
        this.time = time;
        this.arbiter = new Arbiter(time);
        this.sink = KafkaSink.to(bootstrapServers, "sightline");
        this.deadLetters = DeadLetters.to(bootstrapServers, time);
    }

    /** Connects, and creates the topics of the contract that are missing. */
    public static Bus connect(String bootstrapServers, Site site, Ledger ledger, TimeSource time) {
        return connect(bootstrapServers, site, ledger, time, Habits.DEFAULT);
    }

    /** The same with other habits. */
    public static Bus connect(String bootstrapServers, Site site, Ledger ledger, TimeSource time, Habits habits) {
        try (TopicAdmin admin = TopicAdmin.connect(bootstrapServers)) {
            int cameras = (int) site.sensors().stream()
                    .filter(s -> s.calibration().isPresent())
                    .count();
            admin.createMissing(TopicSpec.contract(site.nodes().size(), cameras));
        }
        return new Bus(bootstrapServers, ledger, time, habits);
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

    /**
     * Begins a reader of this cluster: records of a schema that this version does not know, and those without a value where
     * that means nothing, go to the shared dead letters before anybody sees them.
     */
    KafkaSource.Builder reader(String name) {
        return KafkaSource.builder(bootstrapServers)
                .name(name)
                .commitInterval(habits.commitInterval())
                .drain(habits.drain())
                .window(habits.window())
                .admit(Admission.schemaUpTo(Headers.SCHEMA, Codecs.SCHEMA_VERSION))
                .admit(Admission.valueUnless(Topics::hasTombstones))
                .deadLetters(deadLetters);
    }

    /** For the entry of a stage; give it back with {@link #forget} when the stage ends. */
    SensorClocks clocks(String stage, StampRules rules) {
        SensorClocks made = new SensorClocks(stage, rules);
        clocks.add(made);
        return made;
    }

    void forget(SensorClocks ended) {
        clocks.remove(ended);
    }

    /** What all stages of this process had to mend. */
    List<StampCount> stampCounts() {
        return clocks.stream().flatMap(c -> c.counts().stream()).toList();
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
