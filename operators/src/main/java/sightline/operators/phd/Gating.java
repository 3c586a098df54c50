package sightline.operators.phd;

import java.util.List;
import sightline.operators.possibility.MaxMixture;

/** Fills a {@link PairTable} for a track table and a scan. Scratch: one a filter. */
final class Gating {
    private final PositionUpdate update = new PositionUpdate();
    private final ObservationGrid grid = new ObservationGrid();

    void index(SensorScan scan) {
        grid.build(scan.observations());
    }

    void gate(List<TrackHypothesis> tracks, SensorScan scan, double gate, PairTable out) {
        out.clear(tracks.size());
        for (int i = 0; i < tracks.size(); i++) {
            TrackHypothesis track = tracks.get(i);
            double missed = meet(track, scan, gate, out);
            out.endTrack(Math.max(track.logAbsence, track.logPresence + missed));
        }
    }

    /** Adds the edges of one track and returns the log-credibility of a miss given presence. */
    private double meet(TrackHypothesis track, SensorScan scan, double gate, PairTable out) {
        MaxMixture f = track.where;
        double missed = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < f.size(); c++) {
            double x = f.means()[c * 4];
            double y = f.means()[c * 4 + 1];
            missed = Math.max(missed, f.logWeight(c) + scan.coverage().logMiss(x, y));
            double detection = scan.coverage().logDetection(x, y);
            if (detection == Double.NEGATIVE_INFINITY) {
                continue;
            }
            double base = detection + track.logPresence + f.logWeight(c);
            grid.query(x, y, f.covariances()[c * 16] + f.covariances()[c * 16 + 5], gate);
            for (int k = 0; k < grid.count(); k++) {
                int j = grid.get(k);
                double d2 = update.prepare(f, c, scan.observations().get(j));
                if (d2 < gate) {
                    out.addEdge(c, j, base - 0.5 * d2);
                }
            }
        }
        return missed;
    }
}
