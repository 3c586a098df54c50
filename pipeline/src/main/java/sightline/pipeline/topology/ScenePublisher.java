package sightline.pipeline.topology;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Track;
import sightline.config.site.Site;
import sightline.operators.fusion.Fused;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Intake;
import sightline.sensors.kafka.KafkaSource;
import sightline.sensors.kafka.Outbound;
import sightline.sensors.kafka.OwnershipLostException;
import sightline.sensors.kafka.SourceObserver;
import sightline.sensors.kafka.TickAbortedException;
import sightline.sensors.kafka.TransactionalSink;

/**
 * The one writer of a scene's fused tracks. The right to write is the only partition of {@code lease.scene.v1}: whom the
 * group {@code publish-<scene>} assigns it to writes, in transactions whose id shuts a former writer out. Every process
 * fuses; this one is heard.
 *
 * <p>Threading: {@link #publish} is called from the nodes' threads and serialised here; it blocks its caller for one
 * commit. Only ticks newer than the last one are written, so several nodes in a process do no harm.
 */
final class ScenePublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScenePublisher.class);

    private final TransactionalSink sink;
    private final Disposable subscription;
    private final String scene;
    private boolean holding;
    private long lastTick = Long.MIN_VALUE;

    ScenePublisher(Bus bus, Site site) {
        this.scene = site.scene();
        this.sink = TransactionalSink.open(bus.bootstrapServers(), "publish-" + scene, NodeRunner.QUICK_RETRY);
        KafkaSource lease = KafkaSource.builder(bus.bootstrapServers())
                .name("lease-" + scene)
                .intake(Intake.group("publish-" + scene, Topics.LEASE_SCENE.name()))
                .observer(new SourceObserver() {
                    @Override
                    public void assigned(Collection<TopicPartition> partitions) {
                        if (!partitions.isEmpty()) {
                            take();
                        }
                    }

                    @Override
                    public void revoked(Collection<TopicPartition> partitions) {
                        if (!partitions.isEmpty()) {
                            give();
                        }
                    }
                })
                .build();
        this.subscription = lease.records().subscribe(Inbound::acknowledge);
    }

    private void take() {
        sink.acquire().subscribe(v -> {}, e -> LOG.warn("could not take the lease of {}", scene, e), () -> {
            synchronized (this) {
                holding = true;
            }
            LOG.info("this process publishes scene {}", scene);
        });
    }

    private synchronized void give() {
        holding = false;
    }

    synchronized void publish(Fused fused) {
        if (!holding || fused.tick() <= lastTick || fused.tracks().isEmpty()) {
            return;
        }
        lastTick = fused.tick();
        List<Outbound> records =
                fused.tracks().stream().map(ScenePublisher::record).toList();
        try {
            sink.commit(sightline.sensors.kafka.Tick.of(records)).block(Duration.ofSeconds(30));
        } catch (OwnershipLostException e) {
            holding = false;
            LOG.warn("scene {} is published by another process now", scene);
        } catch (TickAbortedException e) {
            LOG.warn("tick {} of {} was not published: {}", fused.tick(), scene, e.getMessage());
        }
    }

    private static Outbound record(Track track) {
        return Bus.message(Topics.TRACK_FUSED, Codecs.TRACK, track.id(), track.timeNanos(), track);
    }

    @Override
    public void close() {
        subscription.dispose();
        sink.close();
    }
}
