package sightline.sensors.source;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import sightline.config.domain.EncodedFrame;
import sightline.config.time.TimeSource;

/** Small sources that do what a test wants. */
final class Fakes {
    private Fakes() {}

    static EncodedFrame frame(long sequence, long exposureNanos) {
        byte[] payload = {(byte) sequence, 1, 2, 3};
        return new EncodedFrame(
                CameraStamp.replay("cam", 0).header(sequence, exposureNanos, 4, 4),
                "image/jpeg",
                ByteBuffer.wrap(payload));
    }

    /** Frames ten a second from time zero, made on demand. */
    static Flux<EncodedFrame> frames(int count) {
        return Flux.range(0, count).map(i -> frame(i, i * 100_000_000L));
    }

    /** A source whose n-th attempt, from 0, is what the function gives. */
    static <T> Source<T> attempts(String name, AtomicInteger opened, IntFunction<Flux<T>> attempt) {
        return new Source<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Flux<T> open() {
                return Flux.defer(() -> attempt.apply(opened.getAndIncrement()));
            }
        };
    }

    /** The scheduler's own clock, so that virtual time is time. */
    static TimeSource timeOf(Scheduler scheduler) {
        return () -> scheduler.now(TimeUnit.NANOSECONDS);
    }
}
