package sightline.pipeline.topology;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import sightline.config.contract.Codecs;
import sightline.config.contract.Topics;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.site.Site;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;
import sightline.sensors.kafka.Outbound;

/**
 * One filter that hears every sensor: what a single machine needs, and what decentralised fusion is compared with.
 *
 * <p>A tick is published once exposure time has passed its end by {@link #SLACK_NANOS}, so that sensors of other phases
 * are in; what comes later still changes later ticks through the filter's replay window. Runs on a thread of its own.
 */
public final class CentralFusion implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(CentralFusion.class);
    private static final long SLACK_NANOS = 60_000_000L;
    private static final long OLDEST_NANOS = 2_000_000_000L;

    private final Site site;
    private final FusionNode node;
    private final Ground ground;
    private final Scheduler thread = Schedulers.newSingle("fusion", true);
    private final Disposable subscription;
    private final AtomicReference<String> trouble = new AtomicReference<>("no measurement yet");
    private long newestNanos;
    private long nextTick = Long.MIN_VALUE;

    private CentralFusion(Bus bus, Site site) {
        this.site = site;
        this.node = new FusionNode(site, site.nodes().getFirst(), bus.time().nanos(), FusionSettings.standard());
        this.ground = new Ground(site);
        Flux<Scan> cameras = Reading.newest(bus, Topics.DETECTION_CAMERA, Codecs.DETECTIONS, "fusion-detections")
                .mapNotNull(d -> ground.place(d).orElse(null));
        Flux<Scan> sensors = Reading.newest(bus, Topics.MEASUREMENT_SENSOR, Codecs.SCAN, "fusion-measurements");
        Flux<Outbound> tracks = Flux.merge(cameras, sensors)
                .publishOn(thread)
                .concatMapIterable(this::take)
                .map(CentralFusion::record);
        this.subscription = bus.sink()
                .send(tracks)
                .subscribe(sent -> {}, failure -> trouble.set("fusion failed: " + failure.getMessage()));
    }

    public static CentralFusion start(Bus bus, Site site) {
        return new CentralFusion(bus, site);
    }

    private List<Track> take(Scan scan) {
        try {
            node.onScan(scan);
        } catch (IllegalArgumentException e) {
            LOG.warn("scan {} is left out: {}", scan.id(), e.getMessage());
            return List.of();
        }
        trouble.set("");
        newestNanos = Math.max(newestNanos, scan.time().exposureNanos());
        long due = (newestNanos - SLACK_NANOS) / site.tickNanos();
        if (nextTick == Long.MIN_VALUE || (due - nextTick) * site.tickNanos() > OLDEST_NANOS) {
            nextTick = due;
        }
        // After a gap only the newest tick is of use: nobody acts on the others any more.
        if (due < nextTick) {
            return List.of();
        }
        nextTick = due + 1;
        return node.tracks(due);
    }

    private static Outbound record(Track track) {
        return Bus.message(Topics.TRACK_FUSED, Codecs.TRACK, track.id(), track.timeNanos(), track);
    }

    @Override
    public String name() {
        return "fusion";
    }

    @Override
    public String trouble() {
        return trouble.get();
    }

    @Override
    public void close() {
        subscription.dispose();
        thread.dispose();
    }
}
