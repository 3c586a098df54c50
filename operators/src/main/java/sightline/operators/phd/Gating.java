package sightline.operators.phd;

import sightline.operators.possibility.MaxMixture;

/** Fills a {@link PairTable} for a track table and a scan. Scratch: one a filter. */
final class Gating {
    private final PositionUpdate update = new PositionUpdate();
    private final ObservationGrid grid = new ObservationGrid();

    void index(SensorScan scan) {
        grid.build(scan.observations());
    }

    /** Adds one track to the table: what a miss makes of its terms, and the observations inside the gate of each. */
    void meet(TrackHypothesis track, SensorScan scan, double gate, PairTable out) {
        MaxMixture f = track.where;
        double[] means = f.means();
        double[] covariances = f.covariances();
        double missed = Double.NEGATIVE_INFINITY;
        int strongest = -1;
        boolean visible = false;
        for (int c = 0; c < f.size(); c++) {
            double x = means[c * 4];
            double y = means[c * 4 + 1];
            double weight = f.logWeight(c);
            double miss = weight + scan.coverage().logMiss(x, y);
            out.addTerm(miss);
            missed = Math.max(missed, miss);
            strongest = strongest < 0 || weight > f.logWeight(strongest) ? c : strongest;
            double detection = scan.coverage().logDetection(x, y);
            if (detection == Double.NEGATIVE_INFINITY) {
                continue;
            }
            visible = true;
            double base = detection + track.logPresence + weight;
            grid.query(x, y, covariances[c * 16] + covariances[c * 16 + 5], gate);
            for (int k = 0; k < grid.count(); k++) {
                int j = grid.get(k);
                double d2 = update.prepare(f, c, scan.observations().get(j));
                if (d2 < gate) {
                    out.addEdge(c, j, base - 0.5 * d2, d2);
                }
            }
        }
        out.endTrack(Math.max(track.logAbsence, track.logPresence + missed), strongest, visible);
    }
}
