package sightline.sensors.decode;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import sightline.config.domain.Pixels;

/** One acquisition of a block. The count reaches 0 once and never leaves it. */
final class PooledPixels implements Pixels {
    private final PixelPool pool;
    private final PixelPool.Block block;
    private final int width;
    private final int height;
    private final MemorySegment data;
    private final Throwable acquiredAt;
    private final AtomicInteger references = new AtomicInteger(1);

    PooledPixels(PixelPool pool, PixelPool.Block block, int width, int height, Throwable acquiredAt) {
        this.pool = pool;
        this.block = block;
        this.width = width;
        this.height = height;
        this.data = block.memory().asSlice(0, 3L * width * height);
        this.acquiredAt = acquiredAt;
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
    public MemorySegment data() {
        if (references.get() == 0) {
            throw new IllegalStateException("pixels were read after their last release");
        }
        return data;
    }

    @Override
    public Pixels retain() {
        if (references.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
            throw new IllegalStateException("pixels were retained after their last release");
        }
        return this;
    }

    @Override
    public void release() {
        int before = references.getAndUpdate(n -> n == 0 ? 0 : n - 1);
        if (before == 0) {
            throw new IllegalStateException("pixels were released more often than retained");
        }
        if (before == 1) {
            pool.takeBack(this, block);
        }
    }

    Throwable acquiredAt() {
        return acquiredAt;
    }

    @Override
    public String toString() {
        return "pixels " + width + "x" + height + ", " + references.get() + " references";
    }
}
