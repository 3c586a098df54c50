package sightline.config.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
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
 * An evidence store in a directory, which several processes may share: each writes, reads and erases what all of them stored,
 * and the bounds hold for the directory as a whole if all are opened with the same.
 *
 * <p>The index is in memory, about 500 bytes an entry; before each change it takes over what others changed since, shard by
 * shard. Writers exclude each other, across processes too; readers wait for nobody, except where what they look for is
 * not in the index yet. Counts of {@link #usage} are this process's own, sizes are the directory's.
 */
public final class FileEvidenceStore implements EvidenceStore {

    private static final Comparator<Entry> OLDEST_FIRST = Comparator.comparingLong(Entry::storedNanos)
            .thenComparing(entry -> entry.ref().hex());

    private final EvidenceLimits limits;
    private final TimeSource time;
    private final Shelf shelf;
    private final Turn turn;
    private final Map<DataRef, Entry> index = new HashMap<>();
    private final Set<DataRef> damaged = new HashSet<>();
    private long bytes;
    private long evicted;
    private long expired;
    private long erased;
    private long corrupt;

    private FileEvidenceStore(Path root, EvidenceLimits limits, TimeSource time) throws IOException {
        this.limits = limits;
        this.time = time;
        this.shelf = new Shelf(root);
        this.turn = Turn.in(root);
    }

    /**
     * Opens a directory, which is made if it is not there, and removes what has expired or was left half written.
     *
     * @throws IOException if the directory cannot be used
     */
    public static FileEvidenceStore open(Path directory, EvidenceLimits limits, TimeSource time) throws IOException {
        FileEvidenceStore store = new FileEvidenceStore(directory, limits, time);
        store.expire();
        return store;
    }

    /** Does something while nobody else changes anything, on what all others did before. */
    private synchronized <T> T inTurn(Turn.Change<T> change) throws IOException {
        return turn.take(() -> {
            takeOver(turn.changed());
            return change.make();
        });
    }

    private void takeOver(BitSet shards) throws IOException {
        if (shards.isEmpty()) {
            return;
        }
        for (Entry known : List.copyOf(index.values())) {
            if (shards.get(known.ref().shard())) {
                forget(known);
            }
        }
        for (int shard = shards.nextSetBit(0); shard >= 0; shard = shards.nextSetBit(shard + 1)) {
            shelf.open(shard).forEach(this::add);
        }
    }

    @Override
    public DataRef put(ByteBuffer content, EvidenceLabel label) throws IOException {
        DataRef ref = DataRef.of(content);
        return inTurn(() -> put(ref, content, label));
    }

    private DataRef put(DataRef ref, ByteBuffer content, EvidenceLabel label) throws IOException {
        dropOld();
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
        turn.changing(ref.shard());
        Entry written = shelf.write(ref, content, label, now);
        damaged.remove(ref);
        replace(index.get(ref), written);
    }

    private void relabel(Entry entry, EvidenceLabel label) throws IOException {
        turn.changing(entry.ref().shard());
        replace(entry, shelf.relabel(entry.ref(), label, entry.storedNanos(), entry.contentBytes()));
    }

    @Override
    public Optional<Evidence> get(DataRef ref) throws IOException {
        Entry entry = find(ref);
        if (entry == null) {
            entry = inTurn(() -> index.get(ref));
        }
        if (entry == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Evidence(ref, entry.label(), shelf.read(ref)));
        } catch (CorruptEvidenceException e) {
            return readInTurn(ref);
        }
    }

    private synchronized Entry find(DataRef ref) {
        return index.get(ref);
    }

    /** Looks again while nobody changes anything: it may have been erased between finding and reading, which is no damage. */
    private Optional<Evidence> readInTurn(DataRef ref) throws IOException {
        return inTurn(() -> {
            Entry entry = index.get(ref);
            if (entry == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Evidence(ref, entry.label(), shelf.read(ref)));
            } catch (CorruptEvidenceException e) {
                if (damaged.add(ref)) {
                    corrupt++;
                }
                throw e;
            }
        });
    }

    @Override
    public int eraseEvent(String event) throws IOException {
        return inTurn(() -> {
            for (Entry entry : List.copyOf(index.values())) {
                EvidenceLabel label = entry.label();
                if (label.events().contains(event) && label.events().size() > 1) {
                    relabel(entry, label.withoutEvent(event));
                }
            }
            int gone = deleteIf(entry -> entry.label().events().contains(event));
            erased += gone;
            return gone;
        });
    }

    @Override
    public int eraseTrack(String track) throws IOException {
        return inTurn(() -> {
            int gone = deleteIf(entry -> entry.label().tracks().contains(track));
            erased += gone;
            return gone;
        });
    }

    @Override
    public int expire() throws IOException {
        return inTurn(() -> {
            int gone = dropOld();
            makeRoom(0);
            return gone;
        });
    }

    private int dropOld() throws IOException {
        long oldest = time.nanos() - limits.maxAge().toNanos();
        int gone = deleteIf(entry -> entry.storedNanos() < oldest);
        expired += gone;
        return gone;
    }

    @Override
    public EvidenceUsage usage() {
        try {
            return inTurn(() -> new EvidenceUsage(index.size(), bytes, evicted, expired, erased, corrupt));
        } catch (IOException e) {
            throw new UncheckedIOException("the evidence directory cannot be looked at", e);
        }
    }

    /** Nothing is held between two calls. */
    @Override
    public void close() {}

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
        turn.changing(entry.ref().shard());
        shelf.delete(entry.ref());
        damaged.remove(entry.ref());
        forget(entry);
    }

    private void forget(Entry entry) {
        index.remove(entry.ref());
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
