package sightline.pipeline.recording;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sightline.config.contract.Topics;
import sightline.config.wire.RecordEnvelope;
import sightline.config.wire.foxglove.CompressedImage;
import sightline.pipeline.mcap.McapMessage;
import sightline.pipeline.mcap.McapReader;

/**
 * Gives the records of a recording back, in order of their exposures. Messages of other writers in the file are passed over.
 * <b>Threading:</b> one thread at a time. <b>Ownership:</b> close it.
 */
public final class RecordingReader implements Closeable {
    private final McapReader file;
    private final Map<Long, RecordEnvelope> envelopes = new HashMap<>();

    private RecordingReader(McapReader file) {
        this.file = file;
    }

    /** @throws IOException also where the file was not made by {@code sightline record} */
    public static RecordingReader open(Path path) throws IOException {
        McapReader file = McapReader.open(path);
        if (file.channels().stream().noneMatch(c -> c.topic().equals(RecordingWriter.ENVELOPES))) {
            file.close();
            throw new IOException(
                    path + " was not made by sightline record: it has no channel " + RecordingWriter.ENVELOPES);
        }
        return new RecordingReader(file);
    }

    /** Whether its writer came to its end; if not, the last second or so is missing. */
    public boolean complete() {
        return file.complete();
    }

    /** The keys under which there are records of a topic that is keyed by sensor or node. */
    public Set<String> keys(String topic) {
        return file.channels().stream()
                .filter(c -> topic.equals(c.metadata().get("kafka-topic")))
                .map(c -> c.topic().substring(Math.min(c.topic().length(), topic.length() + 1)))
                .collect(Collectors.toSet());
    }

    /** The next record; empty at the end. */
    public Optional<Recorded> next() throws IOException {
        for (var next = file.next(); next.isPresent(); next = file.next()) {
            McapMessage message = next.get();
            if (message.channel().topic().equals(RecordingWriter.ENVELOPES)) {
                envelopes.put(message.sequence(), RecordEnvelope.parseFrom(message.data()));
            } else {
                RecordEnvelope envelope = envelopes.remove(message.sequence());
                if (envelope != null) {
                    return Optional.of(record(envelope, message.data()));
                }
            }
        }
        return Optional.empty();
    }

    private static Recorded record(RecordEnvelope e, byte[] data) throws InvalidProtocolBufferException {
        byte[] value = data;
        if (e.getTombstone()) {
            value = null;
        } else if (e.getTopic().equals(Topics.FRAME_CAMERA.name())) {
            value = CompressedImage.parseFrom(data).getData().toByteArray();
        }
        return new Recorded(
                e.getTopic(),
                e.getPartition(),
                e.getOffset(),
                e.getKey(),
                e.getTimestampMs(),
                e.getHeadersMap(),
                value);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
