package sightline.operators.fusion;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sightline.config.contract.Codecs;
import sightline.config.domain.Belief;
import sightline.config.domain.Scan;
import sightline.config.domain.Track;
import sightline.config.site.Site;

/**
 * All nodes of a scene in one process, fed with a recording instead of a clock: a scan of a later tick closes the ticks
 * before it. Beliefs pass from node to node as bytes of the wire format, everybody hearing everybody. The digest covers
 * every picture and the prior that it started from, so two replays of the same scans in the same order agree in it or
 * something has changed.
 *
 * <p>One caller at a time. A scan that the roster does not know is refused by IllegalArgumentException, and the replay
 * can go on without it.
 */
public final class SceneReplay {
    private final Site site;
    private final List<FusionNode> nodes = new ArrayList<>();
    private final Consumer<Fused> pictures;
    private final MessageDigest digest;
    private final Map<FusionNode.Outcome, Integer> outcomes = new EnumMap<>(FusionNode.Outcome.class);
    private long open = Long.MIN_VALUE;
    private int ticks;

    /** @param pictures told what the first node holds at the end of every tick */
    public SceneReplay(Site site, FusionSettings settings, Consumer<Fused> pictures) {
        this.site = site;
        this.pictures = pictures;
        for (String name : site.nodes()) {
            nodes.add(new FusionNode(site, name, 1, settings));
        }
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /** Takes a scan in; one of an earlier tick than the newest is late, and the nodes decide what it still changes. */
    public void offer(Scan scan) {
        String owner = site.sensor(scan.sensor())
                .orElseThrow(() -> new IllegalArgumentException("sensor " + scan.sensor() + " is not in the roster"))
                .node();
        long tick = Math.ceilDiv(scan.time().exposureNanos(), site.tickNanos());
        if (tick > open) {
            close();
            open = tick;
        }
        FusionNode.Outcome outcome = nodes.get(site.nodes().indexOf(owner)).onScan(scan);
        outcomes.merge(outcome, 1, Integer::sum);
    }

    /** Closes the last tick: the recording is over. */
    public void finish() {
        close();
    }

    private void close() {
        if (open == Long.MIN_VALUE || nodes.getFirst().lastTick() >= open) {
            return;
        }
        List<byte[]> said = new ArrayList<>();
        for (FusionNode node : nodes) {
            for (Belief belief : node.tick(open)) {
                said.add(Codecs.BELIEF.encode(belief));
            }
        }
        for (byte[] message : said) {
            Belief belief = Codecs.BELIEF.decode(message);
            nodes.forEach(node -> node.onBelief(belief));
        }
        Fused fused = nodes.getFirst().fused();
        ticks++;
        add(fused);
        pictures.accept(fused);
    }

    private void add(Fused fused) {
        digest.update(ByteBuffer.allocate(8).putLong(0, fused.tick()));
        digest.update(fused.priorDigest().getBytes(StandardCharsets.UTF_8));
        for (Track track : fused.tracks()) {
            digest.update(track.id().getBytes(StandardCharsets.UTF_8));
            ByteBuffer numbers = ByteBuffer.allocate(8 * (track.state().length + track.covariance().length + 2));
            for (double value : track.state()) {
                numbers.putDouble(value);
            }
            for (double value : track.covariance()) {
                numbers.putDouble(value);
            }
            digest.update(numbers.putDouble(track.presence())
                    .putDouble(track.absence())
                    .flip());
        }
    }

    /** Ticks closed so far. */
    public int ticks() {
        return ticks;
    }

    /** What became of the scans. */
    public Map<FusionNode.Outcome, Integer> outcomes() {
        return Map.copyOf(outcomes);
    }

    /** Lower-case hex of SHA-256 over all pictures so far; ends the digest. */
    public String digest() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
