package sightline.operators.depict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import sightline.config.domain.RenderRequest;

/**
 * The requests that wait for a depictor: a bounded queue in which the urgent go first, and which refuses rather than
 * grows.
 *
 * <p>When it is full, the least urgent and among those the oldest gives way (that may be the newcomer itself). A request
 * for a picture that already waits is the same request, and the more urgent of the two counts. Expired requests are refused when their turn comes or when room
 * is needed. Threading: safe from any thread; constant memory; logarithmic time.
 */
public final class Waiting {
    /**
     * A request that will not be drawn.
     *
     * @param request which
     * @param reason one sentence
     */
    public record Refusal(RenderRequest request, String reason) {}

    private record Entry(RenderRequest request, long order) {}

    private static final Comparator<Entry> URGENCY = Comparator.comparingInt(
                    (Entry e) -> -e.request().priority())
            .thenComparingLong(e -> e.request().deadlineNanos())
            .thenComparingLong(Entry::order);

    /** Who gives way: the least urgent, and among those the oldest. */
    private static final Comparator<Entry> GIVES_WAY =
            Comparator.comparingInt((Entry e) -> e.request().priority()).thenComparingLong(Entry::order);

    private final int capacity;
    private final TreeSet<Entry> urgent = new TreeSet<>(URGENCY);
    private final TreeSet<Entry> weakest = new TreeSet<>(GIVES_WAY);
    private final Map<String, Entry> byId = new HashMap<>();
    private long arrivals;

    public Waiting(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + " is below 1");
        }
        this.capacity = capacity;
    }

    /** Takes a request in; answers with what had to be refused for it. */
    public synchronized List<Refusal> offer(RenderRequest request, long nowNanos) {
        if (request.deadlineNanos() <= nowNanos) {
            return List.of(new Refusal(request, "its deadline has passed"));
        }
        if (byId.containsKey(request.id())) {
            raise(request);
            return List.of();
        }
        add(request);
        List<Refusal> refused = new ArrayList<>(1);
        if (urgent.size() > capacity) {
            Entry loser = weakest.first();
            remove(loser);
            refused.add(new Refusal(
                    loser.request(), "more than " + capacity + " requests wait, and it is the least urgent"));
        }
        return refused;
    }

    /** If that picture waits, it waits as urgently as this request says, or as it did if that is more. */
    public synchronized void raise(RenderRequest request) {
        Entry waiting = byId.get(request.id());
        if (waiting != null && waiting.request().priority() < request.priority()) {
            remove(waiting);
            add(request);
        }
    }

    private void add(RenderRequest request) {
        Entry entry = new Entry(request, arrivals++);
        urgent.add(entry);
        weakest.add(entry);
        byId.put(request.id(), entry);
    }

    /** The most urgent request that still has time; expired ones on the way are handed to {@code refusals}. */
    public synchronized Optional<RenderRequest> poll(long nowNanos, List<Refusal> refusals) {
        while (!urgent.isEmpty()) {
            Entry next = urgent.first();
            remove(next);
            if (next.request().deadlineNanos() > nowNanos) {
                return Optional.of(next.request());
            }
            refusals.add(new Refusal(next.request(), "its deadline passed while it waited"));
        }
        return Optional.empty();
    }

    public synchronized int size() {
        return urgent.size();
    }

    private void remove(Entry entry) {
        urgent.remove(entry);
        weakest.remove(entry);
        byId.remove(entry.request().id());
    }
}
