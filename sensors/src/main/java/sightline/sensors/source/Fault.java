package sightline.sensors.source;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import sightline.config.domain.ObservationTime;

/**
 * Ways in which real sensors misbehave, to be injected on purpose. Each turns a stream into a spoiled one; what it spoils
 * follows from its seed and the order of the stream alone, and starts afresh with each subscription.
 *
 * <p>Demand is passed through, except that {@link Loss} asks for more to replace what it loses and {@link Reorder} holds up
 * to {@link Reorder#MOST} observations.
 */
public sealed interface Fault {
    /** Spoils a stream. */
    <T> Flux<T> spoil(Flux<T> flux, Stamped<T> stamped);

    /**
     * Observations that never arrive.
     *
     * @param probability of each
     * @param seed of which
     */
    record Loss(double probability, long seed) implements Fault {
        @Override
        public <T> Flux<T> spoil(Flux<T> flux, Stamped<T> stamped) {
            return Flux.defer(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                return flux.filter(v -> random.nextDouble() >= probability);
            });
        }
    }

    /**
     * Delivery that wavers; the order stays.
     *
     * @param longest delay of each, evenly distributed from 0
     * @param seed of how long
     * @param timer that delays
     */
    record Jitter(Duration longest, long seed, Scheduler timer) implements Fault {
        @Override
        public <T> Flux<T> spoil(Flux<T> flux, Stamped<T> stamped) {
            return Flux.defer(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                return flux.concatMap(
                        v -> Mono.delay(Duration.ofNanos(random.nextLong(longest.toNanos() + 1)), timer)
                                .thenReturn(v),
                        1);
            });
        }
    }

    /**
     * Observations that overtake each other on the way.
     *
     * @param longest delay of each, evenly distributed from 0
     * @param seed of how long
     * @param timer that delays
     */
    record Reorder(Duration longest, long seed, Scheduler timer) implements Fault {
        /** Under way at once. */
        public static final int MOST = 64;

        @Override
        public <T> Flux<T> spoil(Flux<T> flux, Stamped<T> stamped) {
            return Flux.defer(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                return flux.flatMap(
                        v -> Mono.delay(Duration.ofNanos(random.nextLong(longest.toNanos() + 1)), timer)
                                .thenReturn(v),
                        MOST,
                        1);
            });
        }
    }

    /**
     * A clock that is off and runs at the wrong speed. The stamps say nothing of it, as those of a real one.
     *
     * @param offset at the first observation
     * @param driftPpm parts per million by which it runs fast
     */
    record ClockSkew(Duration offset, double driftPpm) implements Fault {
        @Override
        public <T> Flux<T> spoil(Flux<T> flux, Stamped<T> stamped) {
            return Flux.defer(() -> {
                AtomicReference<Long> first = new AtomicReference<>();
                return flux.map(v -> {
                    first.compareAndSet(null, stamped.exposureNanos(v));
                    long since = stamped.exposureNanos(v) - first.get();
                    return stamped.shifted(v, offset.toNanos() + Math.round(since * driftPpm * 1e-6));
                });
            });
        }
    }

    /**
     * A clock that is set while it runs.
     *
     * @param after observations before the jump
     * @param by how far it jumps; negative is back
     */
    record ClockJump(long after, Duration by) implements Fault {
        @Override
        public <T> Flux<T> spoil(Flux<T> flux, Stamped<T> stamped) {
            return flux.index((n, v) -> n < after ? v : stamped.shifted(v, by.toNanos()));
        }
    }

    /**
     * Sequence numbers used twice: an observation carries the number of the one before.
     *
     * @param probability of each
     * @param seed of which
     */
    record DuplicateIds(double probability, long seed) implements Fault {
        @Override
        public <T> Flux<T> spoil(Flux<T> flux, Stamped<T> stamped) {
            return Flux.defer(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                AtomicReference<Long> last = new AtomicReference<>();
                return flux.map(v -> {
                    Long before = last.getAndSet(stamped.sequence(v));
                    boolean again = random.nextDouble() < probability && before != null;
                    return again ? stamped.with(v, stamped.time(v), before) : v;
                });
            });
        }
    }

    /**
     * A picture that stands still while the numbers and times go on.
     *
     * @param after observations before it freezes
     * @param count of frozen observations
     */
    record Frozen(long after, long count) implements Fault {
        @Override
        public <T> Flux<T> spoil(Flux<T> flux, Stamped<T> stamped) {
            return Flux.defer(() -> {
                AtomicReference<T> still = new AtomicReference<>();
                return flux.index((n, v) -> {
                    if (n < after || n >= after + count) {
                        return v;
                    }
                    still.compareAndSet(null, v);
                    ObservationTime time = stamped.time(v);
                    return stamped.with(still.get(), time, stamped.sequence(v));
                });
            });
        }
    }

    /**
     * A connection that breaks.
     *
     * @param after observations before it does
     */
    record Outage(long after) implements Fault {
        @Override
        public <T> Flux<T> spoil(Flux<T> flux, Stamped<T> stamped) {
            return flux.take(after).concatWith(Mono.error(() -> new java.io.IOException("connection lost")));
        }
    }

    /**
     * A sensor that falls silent without saying so.
     *
     * @param after observations before it does
     */
    record Silence(long after) implements Fault {
        @Override
        public <T> Flux<T> spoil(Flux<T> flux, Stamped<T> stamped) {
            return flux.take(after).concatWith(Mono.never());
        }
    }

    /** A source with this fault in it. */
    default <T> Source<T> in(Source<T> source, Stamped<T> stamped) {
        return new Source<>() {
            @Override
            public String name() {
                return source.name();
            }

            @Override
            public Flux<T> open() {
                return spoil(source.open(), stamped);
            }
        };
    }
}
