package sightline.sensors.source;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import sightline.config.domain.SensorStatus;

/**
 * Sources that run side by side. Each is a subscription of its own, with its own demand and its own failures; adding or
 * removing one touches no other.
 *
 * <p>Threading: all methods may be called from any thread.
 */
public final class Fleet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final int UNREAD_STATUSES = 256;

    private final Map<String, Member> members = new ConcurrentHashMap<>();
    private final Sinks.Many<SensorStatus> statuses =
            Sinks.many().multicast().onBackpressureBuffer(UNREAD_STATUSES, false);

    private record Member(SupervisedSource<?> source, Disposable running) {}

    /**
     * Starts a source.
     *
     * @param source which
     * @param consumer takes its observations; subscribed at once, cancelled on removal
     * @throws IllegalArgumentException if a source of that name is running: two cameras with one name would mix
     */
    public <T> void add(SupervisedSource<T> source, Function<Flux<T>, ? extends Publisher<?>> consumer) {
        Disposable.Composite running = Disposables.composite();
        if (members.putIfAbsent(source.name(), new Member(source, running)) != null) {
            throw new IllegalArgumentException("a source named " + source.name() + " is running already");
        }
        running.add(source.statuses().subscribe(this::publish));
        running.add(Flux.from(consumer.apply(source.observations()))
                .doFinally(signal -> members.computeIfPresent(
                        source.name(), (name, member) -> member.running() == running ? null : member))
                .subscribe(ignored -> {}, e -> LOG.warn("what consumes source {} failed", source.name(), e)));
    }

    private void publish(SensorStatus status) {
        synchronized (statuses) {
            // With nobody watching or a watcher asleep, older states give way: each state says everything.
            statuses.tryEmitNext(status);
        }
    }

    /** Stops a source; false if none of that name is running. */
    public boolean remove(String name) {
        Member member = members.remove(name);
        if (member == null) {
            return false;
        }
        // The status subscription hears REMOVED because the observations are cancelled first.
        publish(end(member));
        return true;
    }

    private static SensorStatus end(Member member) {
        member.running().dispose();
        return member.source().status();
    }

    /** Names of the sources that run. */
    public Set<String> names() {
        return Set.copyOf(members.keySet());
    }

    /** Status changes and heartbeats of all sources from now on. */
    public Flux<SensorStatus> statuses() {
        return statuses.asFlux();
    }

    @Override
    public void close() {
        for (String name : names()) {
            remove(name);
        }
        synchronized (statuses) {
            statuses.tryEmitComplete();
        }
    }
}
