package sightline.pipeline.web;

import java.util.List;
import sightline.config.domain.Origin;
import sightline.config.domain.Track;

/**
 * The fused picture of one tick. An empty list of tracks says that nobody is there.
 *
 * @param tick scene tick number
 * @param timeNanos exposure time of the tick
 * @param tracks every track of that tick, ended ones once
 * @param digest of the tick, lower-case hex
 * @param origin least real origin of its evidence
 */
public record FusedTick(long tick, long timeNanos, List<Track> tracks, String digest, Origin origin) {
    public FusedTick {
        tracks = List.copyOf(tracks);
    }
}
