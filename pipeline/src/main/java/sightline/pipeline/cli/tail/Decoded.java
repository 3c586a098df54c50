package sightline.pipeline.cli.tail;

import java.util.Optional;
import org.apache.kafka.common.header.Header;
import sightline.config.contract.Codec;
import sightline.config.contract.Codecs;
import sightline.config.contract.FrameHeaders;
import sightline.config.contract.Headers;
import sightline.config.contract.MalformedRecordException;
import sightline.config.contract.Topics;
import sightline.config.domain.DeadLetter;
import sightline.config.domain.FrameHeader;
import sightline.sensors.kafka.Inbound;

/** What a record turned out to be. */
sealed interface Decoded {

    /** A picture, or a reference to one that is too large for a record. */
    record Picture(FrameHeader header, String contentType, int bytes, Optional<String> dataref) implements Decoded {}

    /** A sensor that has nothing to tell and says so. */
    record Heartbeat(FrameHeader header) implements Decoded {}

    /** A message of the contract: its type and the domain record. */
    record Message(String type, Object value) implements Decoded {}

    /** The end of a key in a compacted topic. */
    record Tombstone() implements Decoded {}

    /** A record that somebody could not process, of which so many bytes are kept. */
    record Buried(DeadLetter why, int bytes) implements Decoded {}

    /** Not what its topic promises. */
    record Malformed(String reason, int bytes) implements Decoded {}

    static Decoded of(Inbound record) {
        if (record.topic().endsWith(Topics.DEAD_LETTER_SUFFIX)) {
            return buried(record);
        }
        if (record.tombstone()) {
            return new Tombstone();
        }
        try {
            if (FrameHeaders.isHeartbeat(record::header)) {
                return new Heartbeat(FrameHeaders.read(record.key(), record::header));
            }
            return record.topic().equals(Topics.FRAME_CAMERA.name()) ? frame(record) : message(record);
        } catch (MalformedRecordException e) {
            return new Malformed(e.getMessage(), record.value().length);
        }
    }

    private static Decoded frame(Inbound record) {
        FrameHeader header = FrameHeaders.read(record.key(), record::header);
        return new Picture(
                header,
                record.header(Headers.CONTENT_TYPE).orElse("unknown"),
                record.value().length,
                record.header(Headers.CE_DATAREF));
    }

    private static Decoded message(Inbound record) {
        Optional<Codec<?>> codec = Codecs.forTopic(record.topic());
        if (codec.isEmpty()) {
            return new Malformed("topic " + record.topic() + " is not in the contract", record.value().length);
        }
        return new Message(codec.get().type(), codec.get().decode(record.value()));
    }

    private static Decoded buried(Inbound record) {
        Header why = record.headers().lastHeader(Headers.DEAD_LETTER);
        int bytes = record.tombstone() ? 0 : record.value().length;
        if (why == null) {
            return new Malformed("a dead letter without the header " + Headers.DEAD_LETTER, bytes);
        }
        try {
            return new Buried(Codecs.DEAD_LETTER.decode(why.value()), bytes);
        } catch (MalformedRecordException e) {
            return new Malformed(e.getMessage(), bytes);
        }
    }
}
