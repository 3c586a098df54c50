package sightline.operators.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.config.domain.Track;

/**
 * What rules judge: the tracks of one tick that are beyond doubt as tracks (tentative and ended ones are left out).
 *
 * @param tick scene tick
 * @param timeNanos exposure time of the tick
 * @param tracks in order of id, so that nothing depends on the order in which they were published
 */
record Moment(long tick, long timeNanos, List<Track> tracks) {
    Map<String, Track> byId() {
        Map<String, Track> map = new HashMap<>();
        tracks.forEach(track -> map.put(track.id(), track));
        return map;
    }

    /** That the track's object exists at all. */
    static Credence exists(Track track) {
        return new Credence(track.presence(), 1 - track.absence());
    }

    /** That the track's object exists and is in the region. */
    static Credence within(Track track, Region region) {
        double[] c = track.covariance();
        return region.holds(track.east(), track.north(), c[0], c[1], c[5]).and(exists(track));
    }
}
