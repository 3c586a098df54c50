package sightline.pipeline.web;

import java.util.List;
import sightline.config.domain.TrackBelief;

/**
 * What one node holds at a tick, before its peers are heard.
 *
 * @param node who
 * @param tick scene tick number
 * @param timeNanos exposure time of the tick
 * @param tracks its beliefs
 */
public record NodeTick(String node, long tick, long timeNanos, List<TrackBelief> tracks) {
    public NodeTick {
        tracks = List.copyOf(tracks);
    }
}
