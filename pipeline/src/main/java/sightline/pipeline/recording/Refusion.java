package sightline.pipeline.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import sightline.config.domain.Belief;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;
import sightline.operators.fusion.FusionNode;
import sightline.operators.fusion.FusionSettings;

/**
 * Fuses scans again, all nodes of the site in one thread and without Kafka: every node hears every belief at once. The
 * digest depends on the scans and their order alone, so give them in order of exposure. Not thread-safe.
 */
public final class Refusion {
    /** Over a longer pause nothing is predicted tick by tick. */
    private static final long LONGEST_WALK = 100;

    private final Site site;
    private final Map<String, FusionNode> nodes = new LinkedHashMap<>();
    private final Set<String> tracks = new HashSet<>();
    private final MessageDigest digest;
    private long scans;
    private long ticks;
    private long lastTick = Long.MIN_VALUE;

    public Refusion(Site site) {
        this.site = site;
        site.nodes().forEach(name -> nodes.put(name, new FusionNode(site, name, 1, FusionSettings.standard())));
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Takes a scan in, and closes the ticks that lie before it. */
    public void offer(Scan scan) {
        SensorSpec sensor = site.sensor(scan.sensor())
                .orElseThrow(() -> new IllegalArgumentException("sensor " + scan.sensor() + " is not in the roster"));
        closeUpTo(Math.ceilDiv(scan.time().exposureNanos(), site.tickNanos()) - 1);
        nodes.get(sensor.node()).onScan(scan);
        scans++;
    }

    private void closeUpTo(long tick) {
        if (lastTick == Long.MIN_VALUE) {
            lastTick = tick;
        }
        long from = tick - lastTick > LONGEST_WALK ? tick : lastTick + 1;
        for (long t = from; t <= tick; t++) {
            close(t);
        }
    }

    private void close(long tick) {
        lastTick = tick;
        ticks++;
        for (FusionNode node : nodes.values()) {
            for (Belief belief : node.tick(tick)) {
                nodes.values().forEach(peer -> peer.onBelief(belief));
            }
        }
        for (FusionNode node : nodes.values()) {
            for (Track track : node.fused().tracks()) {
                tracks.add(track.id());
            }
            digest.update((tick + " " + node.priorDigest() + "\n").getBytes(UTF_8));
        }
    }

    /** Closes the tick of the last scans and tells what came of it all. */
    public Outcome end() {
        if (scans > 0) {
            // One epoch more, so that what the last scans did is frozen and in the digest.
            for (int i = 0; i < 2 * FusionSettings.standard().lagTicks(); i++) {
                close(lastTick + 1);
            }
        }
        return new Outcome(scans, ticks, tracks.size(), HexFormat.of().formatHex(digest.digest()));
    }

    /**
     * What came of it.
     *
     * @param tracks different ids that were ever confirmed
     * @param digest over the frozen ticks of all nodes
     */
    public record Outcome(long scans, long ticks, int tracks, String digest) {}
}
