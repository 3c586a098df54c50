package sightline.sensors.source;

import java.util.function.LongFunction;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import sightline.config.domain.Detections;
import sightline.config.domain.EncodedFrame;
import sightline.config.domain.Scan;
import sightline.config.domain.TruthPoint;
import sightline.sensors.decode.JpegEncoder;
import sightline.sensors.scene.BoxPerturbation;
import sightline.sensors.scene.Plaza;
import sightline.sensors.scene.SimulatedCamera;
import sightline.sensors.scene.SimulatedRadar;

/**
 * The simulated plaza as sources. Each begins at the first observation exposed at or after an instant and never ends;
 * observations are made on demand, so an unpaced one runs as fast as it is consumed.
 */
public final class SceneSources {
    private SceneSources() {}

    /** Drawn and compressed frames; drawing happens on the scheduler. */
    public static Source<EncodedFrame> frames(
            SimulatedCamera camera, long fromNanos, JpegEncoder encoder, Scheduler scheduler) {
        return counting(camera.name(), camera.sequenceAt(fromNanos), n -> camera.frame(n, encoder), scheduler);
    }

    /** What a detector with those weaknesses would report, without drawing anything. */
    public static Source<Detections> detections(
            SimulatedCamera camera, long fromNanos, BoxPerturbation perturbation, Scheduler scheduler) {
        return counting(
                camera.name(), camera.sequenceAt(fromNanos), n -> camera.detections(n, perturbation), scheduler);
    }

    public static Source<Scan> scans(SimulatedRadar radar, long fromNanos, Scheduler scheduler) {
        return counting(radar.name(), radar.sequenceAt(fromNanos), radar::scan, scheduler);
    }

    /** The truth at even steps: every actor at each of them. */
    public static Flux<TruthPoint> truth(Plaza plaza, long fromNanos, long stepNanos) {
        return Flux.<Long, Long>generate(() -> fromNanos, (at, sink) -> {
                    sink.next(at);
                    return at + stepNanos;
                })
                .concatMapIterable(plaza::truth, 1);
    }

    private static <T> Source<T> counting(String name, long first, LongFunction<T> make, Scheduler scheduler) {
        return Source.reading(
                name,
                () -> new Reel<T>() {
                    private long next = first;

                    @Override
                    public T next() {
                        return make.apply(next++);
                    }

                    @Override
                    public void close() {
                        // Nothing is open.
                    }
                },
                scheduler);
    }
}
