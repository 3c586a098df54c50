package sightline.config.domain;

import java.nio.ByteBuffer;

/**
 * A compressed picture as it travels in Kafka: the JPEG itself and its header.
 *
 * <p>The buffer is a read-only view. It may alias a record of the consumer: it stays valid as long as it is referenced
 * (garbage-collected memory), and costs no copy.
 *
 * @param header identity and times
 * @param contentType media type of the payload, {@code image/jpeg}
 * @param payload position 0, limit at the end of the picture
 */
public record EncodedFrame(FrameHeader header, String contentType, ByteBuffer payload) {
    public EncodedFrame {
        payload = payload.asReadOnlyBuffer();
    }

    public int bytes() {
        return payload.remaining();
    }
}
