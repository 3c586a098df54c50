package sightline.sensors.decode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sightline.config.domain.Pixels;

/**
 * Bounded off-heap memory for decoded pictures.
 *
 * <p>Ownership: {@link #acquire} gives pixels with one reference; the last {@link Pixels#release()} brings the memory back
 * here, whatever thread it happens on. Each acquisition is a new handle: reading or releasing a handle after its last
 * release throws, even when its memory already serves another picture.
 *
 * <p>Bound: memory in use and memory kept for reuse never exceed the limit together. When the limit would be exceeded,
 * memory kept for other sizes is given back to the system first; then {@link #acquire} throws
 * {@link PixelPoolExhaustedException} and nothing has changed. It never blocks.
 *
 * <p>Threading: all methods may be called from any thread; a lock is held for a few list operations, and while new memory
 * is allocated.
 */
public final class PixelPool implements AutoCloseable {
    private static final long GRAIN = 1 << 16;
    private static final byte POISON = (byte) 0xdd;

    private final long limitBytes;
    private final boolean tracking;
    private final Map<Long, Deque<Block>> free = new HashMap<>();
    private final Set<PooledPixels> held = ConcurrentHashMap.newKeySet();
    private long allocatedBytes;
    private long usedBytes;
    private int used;
    private boolean closed;

    /** A piece of memory and the arena that frees it. */
    record Block(Arena arena, MemorySegment memory) {}

    private PixelPool(long limitBytes, boolean tracking) {
        if (limitBytes <= 0) {
            throw new IllegalArgumentException("a pool of " + limitBytes + " bytes holds no picture");
        }
        this.limitBytes = limitBytes;
        this.tracking = tracking;
    }

    /** A pool that may own so many bytes. */
    public static PixelPool of(long limitBytes) {
        return new PixelPool(limitBytes, false);
    }

    /**
     * A pool for tests: it remembers where each picture was acquired, overwrites returned memory, and on closing throws
     * if anything was not given back.
     */
    public static PixelPool tracking(long limitBytes) {
        return new PixelPool(limitBytes, true);
    }

    /** Memory for a picture, contents undefined, with one reference that the caller owns. */
    public Pixels acquire(int width, int height) {
        if (width <= 0 || height <= 0) {
            throw new IllegalArgumentException("no picture is " + width + "x" + height);
        }
        long bytes = 3L * width * height;
        long capacity = (bytes + GRAIN - 1) / GRAIN * GRAIN;
        Block block;
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the pixel pool is closed");
            }
            Deque<Block> kept = free.get(capacity);
            block = kept == null ? null : kept.pollLast();
            if (block == null) {
                block = allocate(capacity);
            }
            used++;
            usedBytes += capacity;
        }
        PooledPixels pixels =
                new PooledPixels(this, block, width, height, tracking ? new Throwable("acquired here") : null);
        if (tracking) {
            held.add(pixels);
        }
        return pixels;
    }

    // The arena lives as long as its block, and is closed by drop().
    @SuppressWarnings("MustBeClosedChecker")
    private Block allocate(long capacity) {
        if (allocatedBytes + capacity > limitBytes) {
            for (Deque<Block> kept : free.values()) {
                while (!kept.isEmpty() && allocatedBytes + capacity > limitBytes) {
                    drop(kept.pollFirst());
                }
            }
        }
        if (allocatedBytes + capacity > limitBytes) {
            throw new PixelPoolExhaustedException(capacity, usedBytes, limitBytes);
        }
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(capacity, 64);
        allocatedBytes += capacity;
        return new Block(arena, memory);
    }

    private void drop(Block block) {
        allocatedBytes -= block.memory().byteSize();
        block.arena().close();
    }

    void takeBack(PooledPixels pixels, Block block) {
        if (tracking) {
            held.remove(pixels);
            block.memory().fill(POISON);
        }
        synchronized (this) {
            used--;
            usedBytes -= block.memory().byteSize();
            if (closed) {
                drop(block);
            } else {
                free.computeIfAbsent(block.memory().byteSize(), k -> new ArrayDeque<>())
                        .addLast(block);
            }
        }
    }

    /** Pictures that someone holds. */
    public synchronized int used() {
        return used;
    }

    /** Bytes that someone holds. */
    public synchronized long usedBytes() {
        return usedBytes;
    }

    /** Bytes taken from the system: held, or kept for reuse. */
    public synchronized long allocatedBytes() {
        return allocatedBytes;
    }

    public long limitBytes() {
        return limitBytes;
    }

    /**
     * Frees what nobody holds; pictures still held free their memory as they are released.
     *
     * @throws IllegalStateException in a tracking pool, if anything is still held; the places where it was acquired are
     *     attached as suppressed exceptions
     */
    @Override
    public void close() {
        List<Throwable> leaks = new ArrayList<>();
        synchronized (this) {
            closed = true;
            free.values().forEach(kept -> kept.forEach(this::drop));
            free.clear();
        }
        held.forEach(p -> leaks.add(p.acquiredAt()));
        if (!leaks.isEmpty()) {
            IllegalStateException leaked = new IllegalStateException(leaks.size() + " pictures were never released");
            leaks.forEach(leaked::addSuppressed);
            throw leaked;
        }
    }
}
