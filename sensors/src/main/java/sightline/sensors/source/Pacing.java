package sightline.sensors.source;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import sightline.config.time.TimeSource;

/**
 * When recorded observations are delivered. Without pacing they come as fast as they are consumed.
 *
 * <p>Demand: one observation is read ahead; nothing is dropped except by {@link #newest}.
 */
public final class Pacing {
    private Pacing() {}

    /** Each observation when the clock reaches its exposure time; what is past comes at once. */
    public static <T> Flux<T> atExposure(Flux<T> flux, Stamped<T> stamped, TimeSource time, Scheduler timer) {
        return flux.concatMap(v -> wait(v, stamped.exposureNanos(v) - time.nanos(), timer), 1);
    }

    /**
     * As much apart as the exposures were, however long ago that was: the first comes at once.
     *
     * @param speed 1 as recorded, 2 twice as fast
     */
    public static <T> Flux<T> asRecorded(
            Flux<T> flux, Stamped<T> stamped, double speed, TimeSource time, Scheduler timer) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed " + speed + " is not positive");
        }
        return Flux.defer(() -> {
            AtomicLong firstExposure = new AtomicLong(Long.MIN_VALUE);
            AtomicLong started = new AtomicLong();
            return flux.concatMap(
                    v -> {
                        long exposure = stamped.exposureNanos(v);
                        if (firstExposure.compareAndSet(Long.MIN_VALUE, exposure)) {
                            started.set(time.nanos());
                        }
                        long due = started.get() + Math.round((exposure - firstExposure.get()) / speed);
                        return wait(v, due - time.nanos(), timer);
                    },
                    1);
        });
    }

    private static <T> Mono<T> wait(T value, long nanos, Scheduler timer) {
        return nanos <= 0
                ? Mono.just(value)
                : Mono.delay(Duration.ofNanos(nanos), timer).thenReturn(value);
    }

    /**
     * What a camera does to a consumer that is too slow: only the newest observation waits, older ones are lost.
     *
     * @param lost hears of each
     */
    public static <T> Flux<T> newest(Flux<T> flux, Consumer<? super T> lost) {
        return flux.onBackpressureBuffer(1, lost, BufferOverflowStrategy.DROP_OLDEST);
    }

    /**
     * Moves a recording in time, so that its first exposure is at the given instant.
     *
     * @param firstNanos exposure that the first observation gets, nanoseconds since the Unix epoch
     */
    public static <T> Flux<T> startingAt(Flux<T> flux, Stamped<T> stamped, long firstNanos) {
        return Flux.defer(() -> {
            AtomicLong shift = new AtomicLong(Long.MIN_VALUE);
            return flux.map(v -> {
                shift.compareAndSet(Long.MIN_VALUE, firstNanos - stamped.exposureNanos(v));
                return stamped.shifted(v, shift.get());
            });
        });
    }
}
