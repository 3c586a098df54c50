package sightline.sensors.kafka.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import sightline.sensors.broker.EmbeddedBroker;
import sightline.sensors.kafka.TopicAdmin;
import sightline.sensors.kafka.TopicSpec;

/**
 * The bridge against a bare {@code KafkaConsumer} loop, in one process with an embedded broker: throughput passed
 * through, throughput with work, added latency, and memory under overload.
 *
 * <p>Contenders run in turn, bare first, and medians are compared, so that a machine that slows down during the
 * measurement slows both. Blocks the caller for as long as the plan says.
 */
public final class BridgeBench {
    static final int PARTITIONS = 2;

    private BridgeBench() {}

    /** Measures and prints; exit code 0 if the bridge keeps its promises, 1 otherwise. */
    public static int run(BenchPlan plan, PrintStream out) throws IOException {
        try (var broker = EmbeddedBroker.temporary()) {
            String address = broker.bootstrapServers();
            createTopics(address);
            boolean fast = new Throughput(address, plan).run(out);
            boolean prompt = new Latency(address, plan).run(out);
            boolean bounded = new Overload(address, plan).run(out);
            return fast && prompt && bounded ? 0 : 1;
        }
    }

    private static void createTopics(String address) {
        try (var admin = TopicAdmin.connect(address)) {
            // What piled up in one measurement must not be cleaned away during the next.
            Map<String, String> settings = Map.of("compression.type", "producer", "retention.ms", "-1");
            admin.createMissing(List.of(
                    new TopicSpec(Throughput.TOPIC, PARTITIONS, settings),
                    new TopicSpec(Latency.TOPIC, PARTITIONS, settings),
                    new TopicSpec(
                            Overload.TOPIC,
                            PARTITIONS,
                            Map.of("retention.bytes", "67108864", "segment.bytes", "33554432"))));
        }
    }

    /** Runs the full plan, or the quick one with {@code quick} as argument. */
    public static void main(String[] args) throws IOException {
        boolean quick = args.length > 0 && args[0].equals("quick");
        System.exit(run(quick ? BenchPlan.quick() : BenchPlan.full(), System.out));
    }
}
