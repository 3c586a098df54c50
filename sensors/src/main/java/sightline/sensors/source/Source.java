package sightline.sensors.source;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * One attempt at a sensor.
 *
 * @param <T> what it observes
 */
public interface Source<T> {
    /** Configured sensor name. */
    String name();

    /**
     * A cold stream. Each subscription opens the sensor anew and closes it when it ends, fails or is cancelled. Nothing is
     * read beyond demand.
     */
    Flux<T> open();

    /**
     * A source that is a stream already.
     *
     * @param name configured sensor name
     * @param opener makes the stream of one attempt
     */
    static <T> Source<T> of(String name, Supplier<Flux<T>> opener) {
        return new Source<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Flux<T> open() {
                return Flux.defer(opener);
            }
        };
    }

    /**
     * A source that is read by blocking calls.
     *
     * @param name configured sensor name
     * @param opener opens it; called on the scheduler
     * @param scheduler where the blocking calls run, one worker a subscription
     */
    static <T> Source<T> reading(String name, Callable<? extends Reel<T>> opener, Scheduler scheduler) {
        return new Source<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Flux<T> open() {
                return Flux.defer(() -> {
                    AtomicReference<Reel<T>> current = new AtomicReference<>();
                    AtomicBoolean cancelled = new AtomicBoolean();
                    Flux<T> reading = Flux.generate(
                            () -> {
                                Reel<T> reel = opener.call();
                                current.set(reel);
                                return reel;
                            },
                            (Reel<T> reel, reactor.core.publisher.SynchronousSink<T> sink) -> {
                                try {
                                    T next = reel.next();
                                    if (next == null) {
                                        sink.complete();
                                    } else {
                                        sink.next(next);
                                    }
                                } catch (Exception e) {
                                    // A read that was interrupted on purpose fails, and nobody is left to tell.
                                    if (cancelled.get()) {
                                        sink.complete();
                                    } else {
                                        sink.error(e);
                                    }
                                }
                                return reel;
                            },
                            Reel::close);
                    // A cancellation must not wait for a read that never returns.
                    return reading.subscribeOn(scheduler).doOnCancel(() -> {
                        cancelled.set(true);
                        Reel<T> reel = current.get();
                        if (reel != null) {
                            reel.interrupt();
                        }
                    });
                });
            }
        };
    }
}
