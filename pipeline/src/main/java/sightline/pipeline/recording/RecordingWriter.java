package sightline.pipeline.recording;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Timestamp;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import sightline.config.contract.Topic;
import sightline.config.contract.Topics;
import sightline.config.wire.RecordEnvelope;
import sightline.config.wire.foxglove.CompressedImage;
import sightline.pipeline.mcap.Compression;
import sightline.pipeline.mcap.McapChannel;
import sightline.pipeline.mcap.McapSchema;
import sightline.pipeline.mcap.McapWriter;

/**
 * Writes Kafka records to an MCAP file, such that each can be had again as it was and Foxglove shows them too.
 *
 * <p>A record becomes two messages: an envelope with its key, headers and place, and its value. Frames become Foxglove's
 * {@code CompressedImage}, everything else is the protobuf that it is. Topics that are keyed by sensor, node or scene have a
 * channel a key. The time of a message is its exposure. <b>Threading:</b> one thread at a time. <b>Failure:</b> as {@link
 * McapWriter}. <b>Ownership:</b> close it.
 */
public final class RecordingWriter implements Closeable {
    static final String ENVELOPES = "sightline/envelope";
    /** Keys of which there are as many as the site has; others, as tracks, come and go without end. */
    private static final Set<String> BOUNDED = Set.of("camera", "sensor", "node", "scene");

    private final McapWriter file;
    private final McapChannel envelopes;
    private final Map<String, McapSchema> schemas = new HashMap<>();
    private final Map<String, McapChannel> channels = new HashMap<>();
    private long sequence;

    private RecordingWriter(McapWriter file) {
        this.file = file;
        this.envelopes = file.channel(ENVELOPES, schema(RecordEnvelope.getDescriptor()), "protobuf", Map.of());
    }

    /** A new file; one that exists is an error. */
    public static RecordingWriter create(Path path, Compression compression) throws IOException {
        return new RecordingWriter(McapWriter.create(path, compression));
    }

    /** Adds a record; of a topic outside the contract an {@link IllegalArgumentException}. */
    public void write(Recorded record) throws IOException {
        Descriptor descriptor = MessageSchemas.of(record.topic())
                .orElseThrow(() -> new IllegalArgumentException(record.topic() + " is not a topic of the contract"));
        McapChannel channel = channels.computeIfAbsent(name(record), n -> channel(n, record.topic(), descriptor));
        long nanos = record.exposureNanos();
        byte[] envelope = RecordEnvelope.newBuilder()
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setKey(record.key())
                .setTimestampMs(record.timestampMillis())
                .putAllHeaders(record.headers())
                .setTombstone(record.value() == null)
                .build()
                .toByteArray();
        long number = ++sequence & 0xFFFFFFFFL;
        file.write(envelopes, number, nanos, nanos, envelope);
        file.write(channel, number, nanos, nanos, value(record, nanos));
    }

    private static byte[] value(Recorded record, long nanos) {
        if (record.value() == null) {
            return new byte[0];
        }
        if (!record.topic().equals(Topics.FRAME_CAMERA.name())) {
            return record.value();
        }
        return CompressedImage.newBuilder()
                .setTimestamp(Timestamp.newBuilder()
                        .setSeconds(Math.floorDiv(nanos, 1_000_000_000L))
                        .setNanos((int) Math.floorMod(nanos, 1_000_000_000L)))
                .setData(ByteString.copyFrom(record.value()))
                .setFormat("jpeg")
                .setFrameId(record.key())
                .build()
                .toByteArray();
    }

    private static String name(Recorded record) {
        boolean bounded = Topics.ALL.stream()
                .filter(t -> t.name().equals(record.topic()))
                .map(Topic::key)
                .anyMatch(BOUNDED::contains);
        return bounded ? record.topic() + "/" + record.key() : record.topic();
    }

    private McapChannel channel(String name, String topic, Descriptor descriptor) {
        return file.channel(name, schema(descriptor), "protobuf", Map.of("kafka-topic", topic));
    }

    private McapSchema schema(Descriptor descriptor) {
        return schemas.computeIfAbsent(
                descriptor.getFullName(),
                name -> file.schema(name, "protobuf", MessageSchemas.fileDescriptorSet(descriptor)));
    }

    /** Records so far. */
    public long records() {
        return sequence;
    }

    /** What was written so far outlives this process. */
    public void flush() throws IOException {
        file.flush();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
