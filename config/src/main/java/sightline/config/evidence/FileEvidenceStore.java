package sightline.config.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import sightline.config.time.TimeSource;

/**
 * An evidence store in a directory of its own.
 *
 * <p>The index is in memory, about 500 bytes an entry, and is rebuilt from the labels when the store is opened. One
 * process at a time has the directory; a second one is refused. Writers exclude each other; readers wait for nobody.
 */
public final class FileEvidenceStore implements EvidenceStore {

    private static final Comparator<Entry> OLDEST_FIRST = Comparator.comparingLong(Entry::storedNanos)
            .thenComparing(entry -> entry.ref().hex());

    private final EvidenceLimits limits;
    private final TimeSource time;
    private final Shelf shelf;
    private final FileChannel lockFile;
    private final Map<DataRef, Entry> index = new HashMap<>();
    private final Set<DataRef> damaged = new HashSet<>();
    private long bytes;
    private long evicted;
    private long expired;
    private long erased;
    private long corrupt;

    private FileEvidenceStore(Path root, EvidenceLimits limits, TimeSource time, FileChannel lockFile) {
        this.limits = limits;
        this.time = time;
        this.shelf = new Shelf(root);
        this.lockFile = lockFile;
    }

    /**
     * Opens a directory, which is made if it is not there, and removes what has expired or was left half written.
     *
     * @throws IOException if the directory cannot be used or another process has it
     */
    public static FileEvidenceStore open(Path directory, EvidenceLimits limits, TimeSource time) throws IOException {
        Files.createDirectories(directory);
        FileChannel lockFile =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock(lockFile) == null) {
                throw new IOException("evidence directory " + directory + " is in use by another process");
            }
            FileEvidenceStore store = new FileEvidenceStore(directory, limits, time, lockFile);
            store.load();
            return store;
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // This process has it already.
        }
    }

    private synchronized void load() throws IOException {
        for (Entry entry : shelf.open()) {
            add(entry);
        }
        expire();
        makeRoom(0);
    }

    @Override
    public synchronized DataRef put(ByteBuffer content, EvidenceLabel label) throws IOException {
        DataRef ref = DataRef.of(content);
        expire();
        Entry known = index.get(ref);
        EvidenceLabel joined = known == null ? label : known.label().join(label);
        if (known != null && !damaged.contains(ref) && shelf.isThere(known)) {
            relabel(known, joined);
        } else {
            write(ref, content, joined);
        }
        makeRoom(0);
        return ref;
    }

    private void write(DataRef ref, ByteBuffer content, EvidenceLabel label) throws IOException {
        long now = time.nanos();
        long needed = content.remaining() + shelf.labelBytes(label, now);
        if (needed > limits.maxBytes()) {
            throw new IOException("evidence of " + content.remaining() + " bytes is larger than the whole store of "
                    + limits.maxBytes());
        }
        makeRoom(needed);
        Entry written = shelf.write(ref, content, label, now);
        damaged.remove(ref);
        replace(index.get(ref), written);
    }

    private void relabel(Entry entry, EvidenceLabel label) throws IOException {
        replace(entry, shelf.relabel(entry.ref(), label, entry.storedNanos(), entry.contentBytes()));
    }

    @Override
    public Optional<Evidence> get(DataRef ref) throws IOException {
        Entry entry = find(ref);
        if (entry == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Evidence(ref, entry.label(), shelf.read(ref)));
        } catch (CorruptEvidenceException e) {
            // It may have been erased between finding and reading, which is no damage.
            return noteDamage(ref, e);
        }
    }

    private synchronized Entry find(DataRef ref) {
        return index.get(ref);
    }

    private synchronized Optional<Evidence> noteDamage(DataRef ref, CorruptEvidenceException e)
            throws CorruptEvidenceException {
        if (!index.containsKey(ref)) {
            return Optional.empty();
        }
        if (damaged.add(ref)) {
            corrupt++;
        }
        throw e;
    }

    @Override
    public synchronized int eraseEvent(String event) throws IOException {
        for (Entry entry : List.copyOf(index.values())) {
            EvidenceLabel label = entry.label();
            if (label.events().contains(event) && label.events().size() > 1) {
                relabel(entry, label.withoutEvent(event));
            }
        }
        int gone = deleteIf(entry -> entry.label().events().contains(event));
        erased += gone;
        return gone;
    }

    @Override
    public synchronized int eraseTrack(String track) throws IOException {
        int gone = deleteIf(entry -> entry.label().tracks().contains(track));
        erased += gone;
        return gone;
    }

    @Override
    public synchronized int expire() throws IOException {
        long oldest = time.nanos() - limits.maxAge().toNanos();
        int gone = deleteIf(entry -> entry.storedNanos() < oldest);
        expired += gone;
        return gone;
    }

    @Override
    public synchronized EvidenceUsage usage() {
        return new EvidenceUsage(index.size(), bytes, evicted, expired, erased, corrupt);
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private void makeRoom(long needed) throws IOException {
        if (bytes + needed <= limits.maxBytes()) {
            return;
        }
        for (Entry entry : index.values().stream().sorted(OLDEST_FIRST).toList()) {
            if (bytes + needed <= limits.maxBytes()) {
                return;
            }
            delete(entry);
            evicted++;
        }
    }

    private int deleteIf(Predicate<Entry> unwanted) throws IOException {
        int gone = 0;
        for (Entry entry : List.copyOf(index.values())) {
            if (unwanted.test(entry)) {
                delete(entry);
                gone++;
            }
        }
        return gone;
    }

    private void delete(Entry entry) throws IOException {
        shelf.delete(entry.ref());
        index.remove(entry.ref());
        damaged.remove(entry.ref());
        bytes -= entry.bytes();
    }

    private void replace(Entry before, Entry now) {
        if (before != null) {
            bytes -= before.bytes();
        }
        add(now);
    }

    private void add(Entry entry) {
        index.put(entry.ref(), entry);
        bytes += entry.bytes();
    }
}
