package sightline.config.domain;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decoded pixels, interleaved 8-bit RGB, in off-heap memory that a pool owns. This is how pixels cross from
 * {@code sensors} to {@code kernels} without either room knowing the other.
 *
 * <p>Ownership: whoever holds a reference count must {@link #release()} it exactly once. Passing pixels downstream
 * passes ownership; a fan-out {@link #retain()}s once a branch. After the last release the memory belongs to the pool
 * again and reading it is an error that the pool reports.
 *
 * <p>Threading: counts are atomic; the memory itself may be read by any holder, and written only by the decoder that
 * filled it before it was handed on.
 */
public interface Pixels {
    int width();

    int height();

    /** Bytes from one row to the next, at least {@code 3 * width()}. */
    int stride();

    /** Row-major RGB bytes, {@code stride() * height()} of them. */
    MemorySegment data();

    /**
     * The JPEG that these pixels are made of when {@link #data} is first asked for: whoever can decode it elsewhere need not
     * ask. Read only; empty where the pixels are there already.
     */
    default Optional<ByteBuffer> compressed() {
        return Optional.empty();
    }

    /** Takes one more reference. Fails if the pixels are already back in the pool. */
    Pixels retain();

    /** Gives one reference back; the last one returns the memory to its pool. */
    void release();
}
