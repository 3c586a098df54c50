package sightline.pipeline.train;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.MalformedRecordException;
import sightline.config.contract.Topics;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.Origin;
import sightline.operators.pool.LabeledPicture;
import sightline.operators.pool.NeverTrain;
import sightline.pipeline.recording.ClusterRecords;
import sightline.pipeline.recording.Recorded;
import sightline.sensors.kafka.Intake;

/**
 * What cameras have written to Kafka, as pictures without labels: a site learns from what it sees. Drills and synthetic
 * pictures are never learned from, nor is a camera that is named after what evaluation stands on; who replays such a
 * recording under another name has to know it.
 *
 * @param pictures each n-th frame of each camera, as its JPEG was
 * @param passedOver frames that were not taken: drills and synthetic ones, headers that cannot be read, pictures that are
 *     kept outside the topic
 */
public record TopicStills(List<LabeledPicture> pictures, int passedOver) {
    /** What recipes call these pictures. */
    public static final String SOURCE = "topic";

    private static final Set<Origin> LEARNED_FROM = EnumSet.of(Origin.LIVE, Origin.REPLAY, Origin.SIMULATED);

    public TopicStills {
        pictures = List.copyOf(pictures);
    }

    /**
     * Reads from the oldest frame to what is the newest now; joins no group, disturbs nobody.
     *
     * @param every each n-th frame of a camera, by its own count
     * @param most pictures, after which it stops
     */
    public static TopicStills read(String bootstrapServers, int every, int most) {
        AtomicInteger passedOver = new AtomicInteger();
        List<LabeledPicture> pictures = ClusterRecords.read(
                        bootstrapServers, List.of(Topics.FRAME_CAMERA.name()), Intake.oldest(), true)
                .mapNotNull(record -> picture(record, every, passedOver))
                .take(most)
                .collectList()
                .block();
        return new TopicStills(pictures, passedOver.get());
    }

    /** Null where it is not taken. */
    private static LabeledPicture picture(Recorded record, int every, AtomicInteger passedOver) {
        Function<String, Optional<String>> headers =
                name -> Optional.ofNullable(record.headers().get(name));
        try {
            FrameHeader header = FrameHeaders.read(record.key(), headers);
            if (FrameHeaders.isHeartbeat(headers) || header.sequence() % every != 0) {
                return null;
            }
            NeverTrain.check(header.camera());
            if (LEARNED_FROM.contains(header.origin()) && record.value() != null && record.value().length > 0) {
                String name = SOURCE + "/" + header.camera() + "-" + header.epoch() + "-" + header.sequence() + ".jpg";
                return new LabeledPicture(name, SOURCE, false, record.value(), List.of());
            }
        } catch (MalformedRecordException unreadable) {
            // Counted like all that is not learned from.
        }
        passedOver.incrementAndGet();
        return null;
    }
}
