package sightline.sensors.source;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import sightline.config.domain.Origin;
import sightline.config.domain.SensorStatus;
import sightline.config.domain.SensorStatus.State;
import sightline.config.time.TimeSource;

/**
 * A source that is kept alive.
 *
 * <pre>
 * CONNECTING -> LIVE &lt;-> STALLED
 *      ^          |         |
 *      +- BACKOFF &lt;---------+     FAILED: given up, or broken for good
 *                                 REMOVED: cancelled, or a recording came to its end
 * </pre>
 *
 * <p>Demand: passed through to the source; silence without demand is no stall. Failure: {@link #observations()} never
 * signals an error. It completes when the source ends, is given up or is broken, and {@link #status()} says which. A
 * failure touches nobody else. Threading: observations arrive on the source's own scheduler; the watch runs on the timer
 * and never blocks it. One subscriber.
 *
 * @param <T> what it observes
 */
public final class SupervisedSource<T> {
    private final Source<T> source;
    private final SourcePolicy policy;
    private final TimeSource time;
    private final Scheduler timer;
    private final StatusBoard board;
    private final AtomicBoolean subscribed = new AtomicBoolean();
    private final Attempt attempt;

    /**
     * Supervises a source.
     *
     * @param source what to keep alive
     * @param policy how
     * @param origin of what it sends, for its status
     * @param time stamps its states
     * @param timer runs watch and backoff; may be shared by all sources
     */
    public SupervisedSource(Source<T> source, SourcePolicy policy, Origin origin, TimeSource time, Scheduler timer) {
        this.source = source;
        this.policy = policy;
        this.time = time;
        this.timer = timer;
        this.board = new StatusBoard(source.name(), origin, time);
        this.attempt = new Attempt();
    }

    public String name() {
        return source.name();
    }

    /** Its present state. */
    public SensorStatus status() {
        return board.now();
    }

    /**
     * The present state, then every change, then one a heartbeat; completes after REMOVED or FAILED. A subscriber that
     * does not keep up sees the latest.
     */
    public Flux<SensorStatus> statuses() {
        return board.flux();
    }

    /** What it observes, through all its attempts. */
    public Flux<T> observations() {
        return Flux.defer(() -> {
            if (!subscribed.compareAndSet(false, true)) {
                return Flux.error(new IllegalStateException("source " + name() + " has a subscriber already"));
            }
            Disposable watch =
                    Flux.interval(policy.watch(), timer).onBackpressureDrop().subscribe(tick -> watch());
            return Flux.defer(this::attempt)
                    .retryWhen(Retry.from(failures -> failures.concatMap(f -> afterFailure(f.failure()), 1)))
                    .onErrorResume(e -> {
                        board.end(State.FAILED, reason(e));
                        return Flux.empty();
                    })
                    .doOnComplete(() -> board.end(State.REMOVED, "came to its end"))
                    .doOnCancel(() -> board.end(State.REMOVED, "removed"))
                    .doFinally(signal -> watch.dispose());
        });
    }

    private Flux<T> attempt() {
        board.change(State.CONNECTING, attempt.failures == 0 ? "first attempt" : "attempt " + (attempt.failures + 1));
        Sinks.Empty<T> giveUp = attempt.begin(time.nanos());
        return source.open()
                .switchIfEmpty(
                        policy.endless() ? Mono.error(new IllegalStateException("it sent nothing")) : Mono.empty())
                .concatWith(policy.endless() ? Mono.error(new IllegalStateException("it ended")) : Mono.empty())
                .takeUntilOther(giveUp.asMono())
                .doOnRequest(n -> attempt.requested(n, time.nanos()))
                .doOnNext(value -> {
                    attempt.received(time.nanos());
                    board.observed();
                });
    }

    private Mono<Long> afterFailure(Throwable failure) {
        int failures = attempt.failed();
        if (failure instanceof BrokenSourceException || policy.attempts() > 0 && failures >= policy.attempts()) {
            return Mono.error(failure);
        }
        Duration wait = policy.backoff(failures);
        board.change(State.BACKOFF, reason(failure) + "; again in " + wait.toMillis() + " ms");
        return Mono.delay(wait, timer);
    }

    private void watch() {
        long silent = attempt.silentNanos(time.nanos());
        State state = board.now().state();
        if (state == State.LIVE && silent > policy.stalledAfter().toNanos()) {
            board.change(State.STALLED, "silent for " + silent / 1_000_000 + " ms");
        }
        boolean waiting = state == State.LIVE || state == State.STALLED || state == State.CONNECTING;
        if (waiting && silent > policy.restartAfter().toNanos()) {
            attempt.giveUp("silent for " + silent / 1_000_000 + " ms");
        }
        board.beat(policy.heartbeat());
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** What is known of the attempt under way. Written by source and timer threads. */
    private static final class Attempt {
        private volatile int failures;
        private long wanted;
        private long quietSince;
        private Sinks.Empty<?> end = Sinks.empty();

        synchronized <V> Sinks.Empty<V> begin(long now) {
            wanted = 0;
            quietSince = now;
            Sinks.Empty<V> fresh = Sinks.empty();
            end = fresh;
            return fresh;
        }

        synchronized void requested(long n, long now) {
            if (wanted == 0) {
                quietSince = now;
            }
            wanted = wanted + n < 0 ? Long.MAX_VALUE : wanted + n;
        }

        synchronized void received(long now) {
            failures = 0;
            quietSince = now;
            wanted = wanted == Long.MAX_VALUE ? wanted : Math.max(0, wanted - 1);
        }

        synchronized int failed() {
            wanted = 0;
            return ++failures;
        }

        synchronized long silentNanos(long now) {
            return wanted == 0 ? 0 : now - quietSince;
        }

        void giveUp(String why) {
            Sinks.Empty<?> sink;
            synchronized (this) {
                sink = end;
            }
            sink.tryEmitError(new IllegalStateException(why));
        }
    }
}
