package sightline.pipeline.recording;

import java.util.List;
import reactor.core.publisher.Flux;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;

/** Records of a cluster as they were. Reads outside any group, committed ones only, and disturbs nobody. */
public final class ClusterRecords {
    private static final int LARGEST_RECORD = 8 << 20;

    private ClusterRecords() {}

    /**
     * @param from where each partition begins
     * @param untilEnd completes at what is the end now, instead of waiting for more
     */
    public static Flux<Recorded> read(
            String bootstrapServers, List<String> topics, Intake.Start from, boolean untilEnd) {
        KafkaSource.Builder source = KafkaSource.builder(bootstrapServers)
                .name("recording")
                .intake(new Intake.Assigned(topics, List.of(), from))
                .profile(new ConsumerProfile(LARGEST_RECORD, 4 * LARGEST_RECORD, 1, 100, true, true));
        return Inbound.discarding((untilEnd ? source.untilEnd().build() : source.build())
                .records()
                .map(inbound -> {
                    Recorded record = Recorded.of(inbound);
                    inbound.acknowledge();
                    return record;
                }));
    }
}
