package sightline.sensors.decode;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import sightline.config.domain.Pixels;

/**
 * A picture that is decoded when somebody first asks for its pixels, and not at all where nobody does. Its size is known
 * from its header. Thread-safe; the pool's memory is taken at the decode and given back with the last reference.
 */
final class LazyPixels implements Pixels {
    private final JpegDecoder decoder;
    private final ByteBuffer jpeg;
    private final PixelPool pool;
    private final int width;
    private final int height;
    private int references = 1;
    private Pixels decoded;

    LazyPixels(JpegDecoder decoder, ByteBuffer jpeg, PixelPool pool, int width, int height) {
        this.decoder = decoder;
        this.jpeg = jpeg;
        this.pool = pool;
        this.width = width;
        this.height = height;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public int stride() {
        return 3 * width;
    }

    @Override
    public synchronized MemorySegment data() {
        if (references == 0) {
            throw new IllegalStateException("pixels were read after their last release");
        }
        if (decoded == null) {
            decoded = decoder.decode(jpeg, pool);
        }
        return decoded.data();
    }

    @Override
    public Optional<ByteBuffer> compressed() {
        return Optional.of(jpeg.asReadOnlyBuffer());
    }

    @Override
    public synchronized Pixels retain() {
        if (references == 0) {
            throw new IllegalStateException("pixels were retained after their last release");
        }
        references++;
        return this;
    }

    @Override
    public synchronized void release() {
        if (references == 0) {
            throw new IllegalStateException("pixels were released more often than retained");
        }
        references--;
        if (references == 0 && decoded != null) {
            decoded.release();
        }
    }
}
