package sightline.operators.bench;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import sightline.config.domain.Pixels;

/** A picture of 1920x1080 that exists as a file alone: what the card cannot decode is nowhere decoded. */
record JpegFile(ByteBuffer file) implements Pixels {
    @Override
    public int width() {
        return 1920;
    }

    @Override
    public int height() {
        return 1080;
    }

    @Override
    public int stride() {
        return 3 * width();
    }

    @Override
    public MemorySegment data() {
        throw new IllegalStateException("the card refused a JPEG file of " + file.remaining() + " bytes");
    }

    @Override
    public Optional<ByteBuffer> compressed() {
        return Optional.of(file.duplicate());
    }

    @Override
    public Pixels retain() {
        return this;
    }

    @Override
    public void release() {}
}
