package sightline.pipeline.topology;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Where depictors work: a thread for what is made in a moment and one for what takes long, which gives way to everybody. A depictor that does not come to an end is interrupted and
 * left behind, and the next one gets a fresh thread; one that ignores the interruption keeps its thread, but no longer
 * anybody's turn. Threading: one caller at a time.
 */
final class Easel implements AutoCloseable {
    private final Arbiter arbiter;
    private final Map<Claim, Scheduler> threads = new EnumMap<>(Claim.class);

    Easel(Arbiter arbiter) {
        this.arbiter = arbiter;
    }

    private Scheduler thread(Claim claim) {
        return threads.computeIfAbsent(claim, c -> arbiter.thread("depictor", c));
    }

    /** The work on the claim's thread; an error signal names the time when it took longer than that. */
    <T> Flux<T> on(Claim claim, Flux<T> work, Duration most) {
        return Flux.defer(() -> work.subscribeOn(thread(claim))
                        .takeUntilOther(Mono.delay(most)
                                .then(Mono.error(() -> new TimeoutException(
                                        "it hung and was cancelled after " + most.toMillis() + " ms")))))
                .doOnError(TimeoutException.class, e -> {
                    threads.remove(claim).dispose();
                });
    }

    @Override
    public void close() {
        threads.values().forEach(Scheduler::dispose);
    }
}
