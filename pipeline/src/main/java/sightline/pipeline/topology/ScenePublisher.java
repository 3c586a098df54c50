package sightline.pipeline.topology;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;
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

    private final TransactionalSink sink;
    private final NodeMemory past;
    private final String scene;
    private final Deque<SceneTick> unwritten = new ArrayDeque<>();
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

    /** Also a tick without tracks: that nobody is there any more is news. */
    synchronized void publish(SceneTick tick) {
        if (holding) {
            writeOnce(tick);
        } else {
            unwritten.addLast(tick);
            if (unwritten.size() > KEPT) {
                unwritten.removeFirst();
            }
        }
    }

    private void writeOnce(SceneTick tick) {
        if (!looked) {
            // A former writer may have got as far as this tick before it died.
            past.lastPublished(tick.timeNanos()).ifPresent(last -> lastTick = Math.max(lastTick, last));
            looked = true;
        }
        if (tick.tick() > lastTick) {
            lastTick = tick.tick();
            write(tick);
        }
    }

    private void write(SceneTick tick) {
        List<Outbound> records = new ArrayList<>(tick.tracks().size() + 1);
        tick.tracks().forEach(track -> records.add(Records.track(track)));
        records.add(Records.end(scene, tick));
        try {
            sink.commit(Tick.of(records)).block(Duration.ofSeconds(30));
        } catch (OwnershipLostException e) {
            holding = false;
            LOG.warn("scene {} is published by another process now", scene);
        } catch (TickAbortedException e) {
            LOG.warn("tick {} of {} was not published: {}", tick.tick(), scene, e.getMessage());
        }
    }

    MemoryLine memory() {
        return MemoryLine.atMost("transactions of the fused tracks", "heap", sink.memoryBound());
    }

    @Override
    public void close() {
        sink.close();
    }
}
