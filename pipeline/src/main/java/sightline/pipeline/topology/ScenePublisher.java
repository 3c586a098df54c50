package sightline.pipeline.topology;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Track;
import sightline.config.site.Site;
import sightline.pipeline.metrics.MemoryLine;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.OwnershipLostException;
import sightline.sensors.kafka.Tick;
import sightline.sensors.kafka.TickAbortedException;
import sightline.sensors.kafka.TransactionalSink;

/**
 * The one writer of a scene's fused tracks. The right to write is the only partition of {@code lease.scene.v1}, which the
 * assignment of the nodes gives to whoever runs the first of them; transactions whose id shuts a former writer out do the
 * rest. Every node fuses; the first one is heard.
 *
 * <p>No tick is written twice or left out when the first node dies: it writes a tick before it closes the next one, so its
 * successor goes on either with the tick that was not written or with one that follows it.
 *
 * <p>Threading: {@link #publish} is called from the first node's thread and blocks it for one commit.
 */
final class ScenePublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScenePublisher.class);
    /** Ticks that may wait for the lease to arrive, which is a moment after the node. */
    private static final int KEPT = 64;

    private static final Retry PATIENCE =
            Retry.backoff(20, Duration.ofMillis(500)).maxBackoff(Duration.ofSeconds(5));

    /** A tick as it is published. */
    private record Whole(long tick, List<Track> tracks) {}

    private final TransactionalSink sink;
    private final NodeMemory past;
    private final String scene;
    private final Deque<Whole> unwritten = new ArrayDeque<>();
    private boolean holding;
    private boolean looked;
    private long lastTick = Long.MIN_VALUE;

    ScenePublisher(Bus bus, Site site) {
        this.scene = site.scene();
        this.past = new NodeMemory(bus);
        this.sink = TransactionalSink.open(bus.bootstrapServers(), "publish-" + scene, NodeRunner.QUICK_RETRY);
    }

    /** This process has the lease. */
    void take() {
        // Not on the sink's own thread, which what is written next needs.
        sink.acquire()
                .retryWhen(PATIENCE)
                .publishOn(Schedulers.boundedElastic())
                .subscribe(v -> {}, e -> LOG.warn("could not take the lease of {}", scene, e), this::goOn);
    }

    private synchronized void goOn() {
        holding = true;
        looked = false;
        LOG.info("this process publishes scene {}", scene);
        while (holding && !unwritten.isEmpty()) {
            writeOnce(unwritten.removeFirst());
        }
    }

    /** Another process has the lease. */
    synchronized void give() {
        holding = false;
        unwritten.clear();
    }

    /** @param tracks of that tick, all with its time */
    synchronized void publish(long tick, List<Track> tracks) {
        if (tracks.isEmpty()) {
            return;
        }
        Whole whole = new Whole(tick, tracks);
        if (holding) {
            writeOnce(whole);
        } else {
            unwritten.addLast(whole);
            if (unwritten.size() > KEPT) {
                unwritten.removeFirst();
            }
        }
    }

    private void writeOnce(Whole whole) {
        if (!looked) {
            // A former writer may have got as far as this tick before it died.
            past.lastPublished(whole.tracks.getFirst().timeNanos())
                    .ifPresent(tick -> lastTick = Math.max(lastTick, tick));
            looked = true;
        }
        if (whole.tick > lastTick) {
            lastTick = whole.tick;
            write(whole);
        }
    }

    private void write(Whole whole) {
        List<Outbound> records =
                whole.tracks.stream().map(ScenePublisher::record).toList();
        try {
            sink.commit(Tick.of(records)).block(Duration.ofSeconds(30));
        } catch (OwnershipLostException e) {
            holding = false;
            LOG.warn("scene {} is published by another process now", scene);
        } catch (TickAbortedException e) {
            LOG.warn("tick {} of {} was not published: {}", whole.tick, scene, e.getMessage());
        }
    }

    private static Outbound record(Track track) {
        return Bus.message(Topics.TRACK_FUSED, Codecs.TRACK, track.id(), track.timeNanos(), track);
    }

    MemoryLine memory() {
        return MemoryLine.atMost("transactions of the fused tracks", "heap", sink.memoryBound());
    }

    @Override
    public void close() {
        sink.close();
    }
}
