package sightline.pipeline.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sightline.config.contract.Headers;
import sightline.config.contract.MalformedRecordException;
import sightline.config.contract.Topics;
import sightline.config.domain.EncodedFrame;
import sightline.config.evidence.DataRef;
import sightline.config.evidence.Evidence;
import sightline.config.evidence.EvidenceLabel;
import sightline.config.evidence.EvidenceLimits;
import sightline.config.evidence.EvidenceReader;
import sightline.config.evidence.FileEvidenceStore;
import sightline.config.time.TimeSource;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Outbound;

/**
 * Frames that are too large for a record. The edge keeps such a picture in a directory that it shares with those who look at
 * it; the record's value is empty and the header {@code ce_dataref} names the picture by its content. Pictures live there
 * as long as frames live in Kafka and are kept apart from the evidence of events, which lives longer.
 *
 * <p>Threading: safe from any thread; may block on storage where a frame is large and nowhere else. Nothing is made on disk
 * before the first large frame.
 */
public final class LargeFrames {
    /** Of a record's limit, for its key and headers. */
    private static final int REST = 64 << 10;

    static final int LARGEST_IN_KAFKA = Topics.FRAME_CAMERA.maxMessageBytes() - REST;

    private final Path directory;
    private final EvidenceLimits limits;
    private final TimeSource time;
    private final EvidenceReader reader;
    private FileEvidenceStore store;

    /** @param directory that edge and pipeline share */
    public LargeFrames(Path directory, EvidenceLimits limits, TimeSource time) {
        this.directory = directory;
        this.limits = limits;
        this.time = time;
        this.reader = new EvidenceReader(directory);
    }

    /** The record of a frame of whatever size. */
    public Outbound record(EncodedFrame frame) {
        if (frame.bytes() <= LARGEST_IN_KAFKA) {
            return Records.frame(frame);
        }
        DataRef ref = keep(frame);
        Outbound empty = Records.frame(new EncodedFrame(frame.header(), frame.contentType(), ByteBuffer.allocate(0)));
        Map<String, String> headers = new HashMap<>(empty.headers());
        headers.put(Headers.CE_DATAREF, ref.toString());
        headers.put(Headers.SHA256, ref.hex());
        return empty.with(headers);
    }

    private DataRef keep(EncodedFrame frame) {
        EvidenceLabel label = new EvidenceLabel(
                frame.contentType(),
                frame.header().origin(),
                frame.header().time().exposureNanos(),
                Set.of(),
                Set.of());
        try {
            return store().put(frame.payload(), label);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "a frame of " + frame.bytes() + " bytes is too large for Kafka and cannot be kept in " + directory,
                    e);
        }
    }

    private synchronized FileEvidenceStore store() throws IOException {
        if (store == null) {
            store = FileEvidenceStore.open(directory, limits, time);
        }
        return store;
    }

    /** What a record refers to in place of holding it. */
    static Optional<String> reference(Inbound record) {
        return record.header(Headers.CE_DATAREF);
    }

    /**
     * The picture of a frame's record: its value, or what it refers to.
     *
     * @throws MalformedRecordException if it refers to nothing that is there
     */
    ByteBuffer picture(Inbound record) {
        Optional<String> reference = reference(record);
        if (reference.isEmpty()) {
            return ByteBuffer.wrap(record.value());
        }
        try {
            return reader.get(DataRef.parse(reference.get()))
                    .map(Evidence::content)
                    .map(ByteBuffer::wrap)
                    .orElseThrow(() -> new MalformedRecordException("the picture " + reference.get() + " is not in "
                            + directory + ": it has expired, or the edge keeps its pictures elsewhere"));
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedRecordException("the picture " + reference.get() + ": " + e.getMessage(), e);
        }
    }
}
