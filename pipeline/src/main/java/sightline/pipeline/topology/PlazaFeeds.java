package sightline.pipeline.topology;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Scan;
import sightline.config.time.TimeSource;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.scene.BoxPerturbation;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.SimulatedCamera;
import sightline.sensors.scene.SimulatedRadar;

/** The simulated plaza's messages, paced by their exposure time. */
final class PlazaFeeds {
    private PlazaFeeds() {}

    /** A camera's detections, straight from the scene: boxes that err like a detector's, and say that they are simulated. */
    static Flux<Detections> detections(SimulatedCamera camera, TimeSource time, Scheduler timer) {
        return paced(
                n -> camera.detections(n, BoxPerturbation.TYPICAL),
                d -> d.frame().time().exposureNanos(),
                camera.sequenceAt(time.nanos()),
                time,
                timer);
    }

    /**
     * A camera's pictures, drawn when their time has come: if drawing is too slow, frames are left out, not queued.
     *
     * @param drawing one thread for all cameras, whose exposures take turns: while code is still cold, a thread each would take
     *     most of the processor from those who look at the pictures
     */
    static Flux<EncodedFrame> frames(
            SimulatedCamera camera, JpegEncoder encoder, TimeSource time, Scheduler timer, Scheduler drawing) {
        AtomicLong next = new AtomicLong(camera.sequenceAt(time.nanos()));
        return Mono.defer(() -> {
                    long wait = Math.max(0, camera.exposureNanos(newest(camera, next, time)) - time.nanos());
                    return Mono.delay(Duration.ofNanos(wait), timer)
                            .publishOn(drawing)
                            .map(i -> {
                                long n = newest(camera, next, time);
                                next.set(n + 1);
                                return camera.frame(n, encoder);
                            });
                })
                .repeat();
    }

    /** The next frame, or the last that is exposed by now if there are later ones. */
    private static long newest(SimulatedCamera camera, AtomicLong next, TimeSource time) {
        return Math.max(next.get(), camera.sequenceAt(time.nanos()) - 1);
    }

    static Flux<Scan> scans(SimulatedRadar radar, TimeSource time, Scheduler timer) {
        return paced(radar::scan, s -> s.time().exposureNanos(), radar.sequenceAt(time.nanos()), time, timer);
    }

    /** Ground truth, ten times a second; never read by perception or fusion. */
    static Flux<Outbound> truth(Plaza plaza, TimeSource time, Scheduler timer) {
        return Flux.interval(Duration.ofMillis(100), timer)
                .onBackpressureDrop()
                .concatMapIterable(i -> plaza.truth(time.nanos()))
                .map(Records::truth);
    }

    /** Each element when its exposure time has come; what is already past comes at once. */
    private static <T> Flux<T> paced(
            LongFunction<T> make, ToLongFunction<T> exposure, long first, TimeSource time, Scheduler timer) {
        return Flux.<Long, Long>generate(() -> first, (n, sink) -> {
                    sink.next(n);
                    return n + 1;
                })
                .concatMap(
                        n -> {
                            T value = make.apply(n);
                            long wait = Math.max(0, exposure.applyAsLong(value) - time.nanos());
                            return Flux.just(value).delaySequence(Duration.ofNanos(wait), timer);
                        },
                        1);
    }
}
