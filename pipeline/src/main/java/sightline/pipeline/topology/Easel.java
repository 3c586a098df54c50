package sightline.pipeline.topology;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Where depictors work: one thread that yields to everybody. A depictor that does not come to an end is interrupted and
 * left behind, and the next one gets a fresh thread; one that ignores the interruption keeps its thread, but no longer
 * anybody's turn. Threading: one caller at a time.
 */
final class Easel implements AutoCloseable {
    private final Arbiter arbiter;
    private Scheduler thread;

    Easel(Arbiter arbiter) {
        this.arbiter = arbiter;
        this.thread = fresh();
    }

    private Scheduler fresh() {
        return arbiter.thread("depictor", Claim.FINAL);
    }

    /** The work on the easel's thread; an error signal names the time when it took longer than that. */
    <T> Flux<T> on(Flux<T> work, Duration most) {
        return Flux.defer(() -> work.subscribeOn(thread)
                        .takeUntilOther(Mono.delay(most)
                                .then(Mono.error(() -> new TimeoutException(
                                        "it hung and was cancelled after " + most.toMillis() + " ms")))))
                .doOnError(TimeoutException.class, e -> {
                    thread.dispose();
                    thread = fresh();
                });
    }

    @Override
    public void close() {
        thread.dispose();
    }
}
