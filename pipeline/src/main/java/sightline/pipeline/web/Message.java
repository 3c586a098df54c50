package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;

/**
 * An encoded message, shared by all clients that get it; the buffer is never written to again.
 *
 * @param channel what a client must have asked for; {@link #CONTROL} goes to everyone and is never dropped
 * @param slot data of the same slot replaces older data that was not sent yet
 * @param binary a binary or a text frame
 * @param body the bytes
 */
record Message(String channel, String slot, boolean binary, Buffer body) {
    static final String CONTROL = "control";

    static Message control(Buffer json) {
        return new Message(CONTROL, "", false, json);
    }

    boolean isControl() {
        return channel.equals(CONTROL);
    }
}
