package sightline.pipeline.drill;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Brief;
import sightline.config.domain.Event;
import sightline.config.domain.Origin;
import sightline.config.domain.RenderRequest;
import sightline.config.domain.RenderResult;
import sightline.config.domain.Track;
import sightline.config.domain.Viewpoint;
import sightline.config.site.GroundPoint;
import sightline.operators.depict.SceneDepictor;
import sightline.pipeline.topology.Bus;
import sightline.pipeline.topology.Reading;

/**
 * More requests for pictures than anybody can draw, and what the main path says to that. Threading: one caller, who is kept
 * for the length of a window.
 */
public final class Flood implements AutoCloseable {
    private static final long LASTS_NANOS = 10_000_000_000L;
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final Bus bus;
    private final Disposable.Composite readers = Disposables.composite();
    private final ConcurrentLinkedQueue<Double> ages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private long lastTick;
    private int asked;

    /**
     * What was seen in a window.
     *
     * @param ages of the ticks when a consumer had them, milliseconds, rising
     * @param refused requests
     * @param heapMegabytes in use at its end
     */
    public record Window(double[] ages, int refused, long heapMegabytes) {
        /** A quantile of the ages; not a number where no tick came. */
        public double millis(double share) {
            return ages.length == 0 ? Double.NaN : ages[(int) Math.round(share * (ages.length - 1))];
        }
    }

    public Flood(Bus bus) {
        this.bus = bus;
        readers.add(Reading.newest(bus, Topics.TRACK_FUSED, Codecs.TRACK, "flood-tracks")
                .subscribe(this::fused));
        readers.add(Reading.newest(bus, Topics.RENDER_RESULT, Codecs.RENDER_RESULT, "flood-results")
                .filter(r -> r.verdict() == RenderResult.Verdict.REFUSED)
                .subscribe(r -> refused.incrementAndGet()));
    }

    private void fused(Track track) {
        if (track.tick() != lastTick) {
            lastTick = track.tick();
            ages.add((bus.time().nanos() - track.timeNanos()) / 1e6);
        }
    }

    /** Only watches. */
    public Window watch(Duration window) {
        return window(window, 0);
    }

    /** Asks for so many pictures in the first ten seconds, one by one, and watches. */
    public Window open(Duration window, int requests) {
        return window(window, requests);
    }

    private Window window(Duration window, int requests) {
        ages.clear();
        refused.set(0);
        long began = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            until(began + i * LASTS_NANOS / requests);
            bus.sink()
                    .send(Flux.just(Bus.message(
                            Topics.RENDER_REQUEST,
                            Codecs.RENDER_REQUEST,
                            "flood",
                            bus.time().nanos(),
                            request(asked++))))
                    .subscribe(sent -> {}, failure -> {});
        }
        until(began + window.toNanos());
        double[] sorted = ages.stream().mapToDouble(a -> a).toArray();
        Arrays.sort(sorted);
        Runtime runtime = Runtime.getRuntime();
        return new Window(sorted, refused.get(), (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }

    private static void until(long nanos) {
        while (System.nanoTime() < nanos) {
            LockSupport.parkNanos(nanos - System.nanoTime());
        }
    }

    /** A scene, which is drawn and read back: the dearest that there is. */
    private RenderRequest request(int number) {
        Brief.Person person = new Brief.Person(
                "somebody",
                new GroundPoint(0, 0),
                0,
                1,
                1.72,
                Brief.Posture.WALKING,
                new double[] {0.1, 0, 0, 0.1},
                true);
        Brief brief = new Brief(
                "flood/" + number,
                Event.Kind.ZONE_ENTER,
                "a flood of requests",
                bus.time().nanos(),
                Viewpoint.towards("flood", -9, -8, 4.5, 0, 0),
                List.of(person),
                List.of(),
                List.of(),
                List.of(),
                0.8,
                Origin.SIMULATED);
        return new RenderRequest(
                brief,
                SceneDepictor.NAME,
                0,
                10_000,
                bus.time().nanos() + PATIENCE_NANOS,
                0,
                960,
                540,
                Origin.SIMULATED);
    }

    @Override
    public void close() {
        readers.dispose();
    }
}
