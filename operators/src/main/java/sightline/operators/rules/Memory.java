package sightline.operators.rules;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What a rule remembers of each subject; a subject that is not heard of for a while is forgotten. */
final class Memory<S> {
    /** Three seconds at ten ticks a second: longer than a track coasts through an occlusion of a stride or two. */
    private static final long FORGET_TICKS = 30;

    private static final class Entry<S> {
        private final S state;
        private long lastTick;

        Entry(S state) {
            this.state = state;
        }
    }

    private final Map<String, Entry<S>> entries = new HashMap<>();
    private final Supplier<S> fresh;

    Memory(Supplier<S> fresh) {
        this.fresh = fresh;
    }

    S of(String subject, long tick) {
        Entry<S> entry = entries.computeIfAbsent(subject, s -> new Entry<>(fresh.get()));
        entry.lastTick = tick;
        return entry.state;
    }

    void forget(long tick) {
        entries.values().removeIf(entry -> tick - entry.lastTick > FORGET_TICKS);
    }

    Set<String> subjects() {
        return entries.keySet();
    }
}
