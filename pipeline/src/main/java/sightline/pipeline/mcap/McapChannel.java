package sightline.pipeline.mcap;

import java.util.Map;

/**
 * A stream of messages of one kind.
 *
 * @param id of the channel
 * @param schema id of its schema; 0 for none
 * @param topic where the messages were published
 * @param encoding of the messages, for example {@code protobuf}
 * @param metadata whatever the writer found worth saying
 */
public record McapChannel(int id, int schema, String topic, String encoding, Map<String, String> metadata) {
    public McapChannel {
        metadata = Map.copyOf(metadata);
    }
}
