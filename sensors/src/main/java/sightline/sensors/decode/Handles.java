package sightline.sensors.decode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Handles of libjpeg-turbo with a native buffer each. A handle serves one call at a time; there are as many as callers
 * were ever at work together.
 */
final class Handles implements AutoCloseable {
    private final TurboJpeg library;
    private final MethodHandle init;
    private final ConcurrentLinkedDeque<Handle> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    Handles(TurboJpeg library, MethodHandle init) {
        this.library = library;
        this.init = init;
    }

    /** A handle and a buffer that grows with what passes through it. */
    final class Handle implements AutoCloseable {
        final MemorySegment address;
        private Arena arena;
        private MemorySegment buffer;

        private Handle(MemorySegment address) {
            this.address = address;
            allocate(1 << 17);
        }

        // The arena lives as long as its buffer, and is closed when either grows or goes.
        @SuppressWarnings("MustBeClosedChecker")
        private void allocate(long bytes) {
            arena = Arena.ofShared();
            buffer = arena.allocate(bytes);
        }

        MemorySegment buffer(long bytes) {
            if (buffer.byteSize() < bytes) {
                long size = Math.max(bytes, 2 * buffer.byteSize());
                arena.close();
                allocate(size);
            }
            return buffer;
        }

        /** Back to the idle ones. */
        @Override
        public void close() {
            if (closed.get()) {
                free();
            } else {
                idle.addLast(this);
            }
        }

        private void free() {
            library.close(address);
            arena.close();
        }
    }

    Handle borrow() {
        if (closed.get()) {
            throw new IllegalStateException("the codec is closed");
        }
        Handle handle = idle.pollLast();
        return handle == null ? new Handle(library.open(init)) : handle;
    }

    @Override
    public void close() {
        closed.set(true);
        for (Handle handle = idle.pollLast(); handle != null; handle = idle.pollLast()) {
            handle.free();
        }
    }
}
