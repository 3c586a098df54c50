package sightline.pipeline.mcap;

/**
 * One message.
 *
 * @param channel what it belongs to
 * @param sequence number that the writer gave it, unsigned 32 bits
 * @param logNanos when it was recorded or, in our files, exposed; nanoseconds since the Unix epoch
 * @param publishNanos when it was published
 * @param data the message, owned by the receiver
 */
public record McapMessage(McapChannel channel, long sequence, long logNanos, long publishNanos, byte[] data) {}
