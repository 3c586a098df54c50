package sightline.pipeline.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.config.domain.Origin;
import sightline.config.domain.Track;
import sightline.pipeline.web.FusedTick;

/**
 * The fused picture as the topic tells it, record by record: the tracks of the newest tick. A track that the newest ticks
 * do not mention has gone. Not thread-safe.
 */
final class TrackPicture {
    private static final int TICKS_KEPT = 3;

    private final Map<String, Track> tracks = new HashMap<>();
    private long tick;
    private long timeNanos;

    void take(Track track) {
        tracks.put(track.id(), track);
        if (track.tick() > tick) {
            tick = track.tick();
            timeNanos = track.timeNanos();
        }
    }

    /** As of the newest tick, in order of track ids. */
    FusedTick now() {
        tracks.values().removeIf(t -> t.tick() < tick - TICKS_KEPT || t.phase() == Track.Phase.ENDED);
        List<Track> all = new ArrayList<>(tracks.values());
        all.sort(Comparator.comparing(Track::id));
        String digest = all.isEmpty() ? "" : all.getLast().receipt().digest();
        Origin origin = all.stream().map(Track::origin).reduce(Origin.LIVE, Origin::join);
        return new FusedTick(tick, timeNanos, all, digest, origin);
    }

    /** Nothing has come for a while: everybody has left, or nobody tells us. */
    void forget() {
        tracks.clear();
    }
}
