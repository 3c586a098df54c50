package sightline.kernels.cuda;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/**
 * The sessions that hold memory of a device, the one that was not used for longest first: where another needs room, it
 * gives its own up, and takes it again when it is used. Confined to the device's thread but for the two that say otherwise.
 */
final class Residents {
    private final Set<CudaSession> sessions = new LinkedHashSet<>();
    private final Set<CudaSession> told = Collections.newSetFromMap(new WeakHashMap<>());
    private volatile Consumer<String> say = sentence -> {};
    private volatile long evictions;

    /** Who hears, once a session, that it gave way; any thread. */
    void tell(Consumer<String> listener) {
        say = listener;
    }

    /** How often a session gave way; any thread. */
    long evictions() {
        return evictions;
    }

    void used(CudaSession session) {
        sessions.remove(session);
        sessions.add(session);
    }

    void forget(CudaSession session) {
        sessions.remove(session);
    }

    void forgetAll() {
        sessions.clear();
    }

    /** Whether one gave way: none does that is at work, or whose memory is in somebody's hands. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread counts
    boolean makeRoom() {
        for (CudaSession session : List.copyOf(sessions)) {
            long bytes = session.deviceBytes();
            if (session.evict()) {
                sessions.remove(session);
                evictions++;
                if (told.add(session)) {
                    say.accept(session.graph().name() + " gave its " + (bytes >> 20)
                            + " MiB on the GPU up for another network, and takes them again when it is used.");
                }
                return true;
            }
        }
        return false;
    }
}
