package sightline.operators.phd;

import java.util.List;
import sightline.operators.possibility.MaxMixture;

/**
 * Brings tracks into the caches shortly before they are worked on. A track is half a dozen objects, and in a table that outgrows
 * the caches each waits for memory behind the one that points to it; read for many tracks in a row, those waits overlap. It
 * changes no result. Scratch: one a filter.
 */
final class ReadAhead {
    private static final int TRACKS = 16;

    /** Where what was read ends up, as reads without an effect may be left out. */
    @SuppressWarnings("UnusedVariable")
    private double seen;

    /** To be called for each track of a table in turn. */
    void reach(List<TrackHypothesis> tracks, int i) {
        if (i % TRACKS != 0) {
            return;
        }
        double sum = 0;
        int end = Math.min(tracks.size(), i + TRACKS);
        for (int k = i; k < end; k++) {
            TrackHypothesis track = tracks.get(k);
            MaxMixture f = track.where;
            if (!f.isEmpty()) {
                sum += f.logWeight(0) + f.means()[0] + f.covariances()[0] + f.covariances()[8] + f.covariances()[15];
            }
            sum += track.support.touch();
        }
        seen = sum;
    }
}
