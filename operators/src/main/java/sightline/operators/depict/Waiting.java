package sightline.operators.depict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sightline.config.domain.RenderRequest;

/**
 * The requests that wait for a depictor: a bounded queue in which the urgent go first, and which refuses rather than
 * grows.
 *
 * <p>When it is full, the least urgent and among those the oldest gives way (that may be the newcomer itself). A request
 * for a picture that already waits is the same request. Expired requests are refused when their turn comes or when room
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
    private final Set<String> ids = new HashSet<>();
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
        if (!ids.add(request.id())) {
            return List.of();
        }
        Entry newcomer = new Entry(request, arrivals++);
        urgent.add(newcomer);
        weakest.add(newcomer);
        List<Refusal> refused = new ArrayList<>(1);
        if (urgent.size() > capacity) {
            Entry loser = weakest.first();
            remove(loser);
            refused.add(new Refusal(
                    loser.request(), "more than " + capacity + " requests wait, and it is the least urgent"));
        }
        return refused;
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
        ids.remove(entry.request().id());
    }
}
