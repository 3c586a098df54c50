package sightline.pipeline.topology;

import java.nio.ByteBuffer;
import java.util.List;
import reactor.core.publisher.Flux;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.MalformedRecordException;
import sightline.config.contract.Topics;
import sightline.config.domain.EncodedFrame;
import sightline.config.site.Site;
import sightline.pipeline.metrics.MemoryLine;
import sightline.sensors.kafka.ConsumerProfile;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;

/**
 * The newest pictures of all cameras for those of this process who only look, who share one reader: outside any group,
 * acknowledged at once, and what cannot be read is left to perception, which buries it with its cause.
 */
final class Previews implements Stage {
    private static final int IN_FLIGHT = 32;
    private static final int TYPICAL_BYTES = 1 << 20;

    private final KafkaSource source;
    private final Flux<EncodedFrame> frames;

    Previews(Bus bus, Site site) {
        this.source = KafkaSource.builder(bus.bootstrapServers())
                .name("previews")
                .intake(Intake.all(Topics.FRAME_CAMERA.name(), Intake.newest()))
                .profile(ConsumerProfile.video(TYPICAL_BYTES, site.sensors().size()))
                .property("fetch.max.wait.ms", Reading.UNHURRIED)
                .maxInFlight(IN_FLIGHT)
                .build();
        this.frames = Inbound.discarding(source.records().mapNotNull(Previews::frame))
                .publish(1)
                .refCount();
    }

    /** Read while anybody looks, as fast as the slowest of them; a frame's payload is the record's own array. */
    Flux<EncodedFrame> frames() {
        return frames;
    }

    private static EncodedFrame frame(Inbound inbound) {
        inbound.acknowledge();
        if (inbound.tombstone()
                || FrameHeaders.isHeartbeat(inbound::header)
                || LargeFrames.reference(inbound).isPresent()) {
            // What is too large for a record is too large for a preview.
            return null;
        }
        try {
            return new EncodedFrame(
                    FrameHeaders.read(inbound.key(), inbound::header), "image/jpeg", ByteBuffer.wrap(inbound.value()));
        } catch (MalformedRecordException e) {
            return null;
        }
    }

    @Override
    public String name() {
        return "previews";
    }

    @Override
    public String trouble() {
        return "";
    }

    @Override
    public List<MemoryLine> memory() {
        return List.of(Reading.bound(name(), source));
    }

    /** To be called once nobody looks any more. */
    @Override
    public void close() {
        Reading.awaitEnd(source);
    }
}
