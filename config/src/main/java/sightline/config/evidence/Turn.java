package sightline.config.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whose turn it is to change a directory that several processes share, and what the others changed since one's last turn.
 *
 * <p>The directory has {@value #SHARDS} shards, and the file {@code turns} a counter for each: it goes up before something
 * in the shard changes, so a process that dies halfway leaves it up and everybody looks there again. The operating system
 * takes the turn from a process that dies. One turn at a time a process; all that is read here is read within a turn.
 */
final class Turn {
    static final int SHARDS = 256;

    /** File locks exclude processes only; stores of one process on one directory take turns by these. */
    private static final Map<Path, ReentrantLock> MINE = new ConcurrentHashMap<>();

    private final ReentrantLock mine;
    private final Path path;
    private final long[] seen = new long[SHARDS];
    /** Of the present turn only: a thread that is interrupted closes the channel that it uses. */
    private FileChannel file;

    private Turn(Path directory, ReentrantLock mine) {
        this.mine = mine;
        this.path = directory.resolve("turns");
        Arrays.fill(seen, -1);
    }

    static Turn in(Path directory) throws IOException {
        Files.createDirectories(directory);
        return new Turn(directory, MINE.computeIfAbsent(directory.toRealPath(), path -> new ReentrantLock()));
    }

    /** Whether this file is ours and no evidence. */
    static boolean owns(String fileName) {
        return fileName.equals("turns");
    }

    /** What is to be done in a turn. */
    interface Change<T> {
        T make() throws IOException;
    }

    /** Waits for the turn, makes the change and passes the turn on. */
    <T> T take(Change<T> change) throws IOException {
        mine.lock();
        try (FileChannel opened = FileChannel.open(
                        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock held = opened.lock()) {
            file = (FileChannel) held.acquiredBy();
            return change.make();
        } finally {
            mine.unlock();
        }
    }

    /** The shards in which others changed something since this was asked last; at first all. */
    BitSet changed() throws IOException {
        long[] now = counters();
        BitSet changed = new BitSet(SHARDS);
        for (int shard = 0; shard < SHARDS; shard++) {
            changed.set(shard, now[shard] != seen[shard]);
            seen[shard] = now[shard];
        }
        return changed;
    }

    /** Tells the others, before it happens, that something in the shard changes. */
    void changing(int shard) throws IOException {
        seen[shard]++;
        file.write(ByteBuffer.allocate(Long.BYTES).putLong(seen[shard]).flip(), (long) shard * Long.BYTES);
    }

    private long[] counters() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(SHARDS * Long.BYTES);
        while (all.hasRemaining() && file.read(all, all.position()) > 0) {
            // A short or new file ends early: the rest of the counters are zero.
        }
        all.position(0);
        long[] out = new long[SHARDS];
        for (int shard = 0; shard < SHARDS; shard++) {
            out[shard] = all.getLong();
        }
        return out;
    }
}
