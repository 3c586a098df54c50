package sightline.pipeline.mcap;

/**
 * What messages look like.
 *
 * @param id not 0
 * @param name for protobuf the full name of the message
 * @param encoding {@code protobuf}, {@code jsonschema} ...
 * @param data for protobuf a serialised {@code FileDescriptorSet} with everything that the message needs; not to be
 *     changed
 */
public record McapSchema(int id, String name, String encoding, byte[] data) {}
