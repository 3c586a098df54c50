package sightline.config.domain;

/**
 * A decoded frame. Holding a frame means owning one reference of its pixels; {@link #close()} gives it back.
 *
 * @param header identity and times
 * @param pixels the picture
 */
public record Frame(FrameHeader header, Pixels pixels) implements AutoCloseable {
    /** A second owner of the same pixels, for a branch. */
    public Frame retain() {
        pixels.retain();
        return this;
    }

    @Override
    public void close() {
        pixels.release();
    }
}
