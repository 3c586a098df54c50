package sightline.pipeline.topology;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import sightline.config.domain.Detections;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.site.Rehearsal;
import sightline.config.site.Site;
import sightline.config.time.TimeSource;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;

/**
 * Fuses what the doubles see, with the settings of the real nodes but apart from them: what the nodes know stays untouched
 * by a drill, and a drill's tracks come from nothing else. They are published with the ticks of the scene, so that rules,
 * pictures and the page meet them where they meet all tracks.
 *
 * <p>There is a filter while a drill plays and none otherwise. Its state is not kept: a drill whose process dies has failed.
 *
 * <p>Threading: safe from any thread; {@link #tracks} works a tick in, which takes well under a millisecond for the few
 * that play.
 */
final class DrillFusion {
    private static final Duration OVER = Duration.ofSeconds(2);

    private final Site site;
    private final Ground ground;
    private final TimeSource time;
    private FusionNode node;
    private long heardNanos;

    DrillFusion(Site site, TimeSource time) {
        this.site = Rehearsal.of(site);
        this.ground = new Ground(this.site);
        this.time = time;
    }

    /** What a double detected, on the ground; empty for a camera that the site does not have. */
    Optional<Scan> place(Detections detections) {
        return ground.place(detections);
    }

    /** Takes a scan in; an {@link IllegalArgumentException} says what is wrong with it. */
    synchronized void offer(Scan scan) {
        if (node == null) {
            node = new FusionNode(site, Rehearsal.NODE, time.nanos(), FusionSettings.standard());
        }
        node.onScan(scan);
        heardNanos = time.nanos();
    }

    /** The drill's tracks at a tick of the scene; none while no drill plays. */
    synchronized List<Track> tracks(long tick) {
        if (node != null && time.nanos() - heardNanos > OVER.toNanos()) {
            node = null;
        }
        return node == null || tick <= node.lastTick() ? List.of() : node.tracks(tick);
    }
}
