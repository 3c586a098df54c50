package sightline.pipeline.topology;

import java.util.List;
import sightline.config.domain.Origin;
import sightline.config.domain.Track;

/**
 * One tick of a scene as it is published.
 *
 * @param tick scene tick
 * @param timeNanos exposure time that it is valid for
 * @param tracks all of them; none says that nobody is there
 * @param origin least real origin of the evidence
 */
record SceneTick(long tick, long timeNanos, List<Track> tracks, Origin origin) {
    SceneTick {
        tracks = List.copyOf(tracks);
    }
}
