package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sightline.config.domain.Track;
import sightline.config.domain.TruthPoint;
import sightline.operators.assignment.LinearAssignment;
import sightline.operators.canvas.Plot;
import sightline.operators.metrics.MatchFrame;

/**
 * What the figures of a WILDTRACK run look like from above: for each result the last scored instant with the tracks' 95 %
 * cuts, and beside it where people were missed and tracks were false over all scored instants. A person goes with the
 * closest track here; the counts are CLEAR-MOT's, which keeps pairs of the instant before, so a mark may stand elsewhere.
 */
final class WildtrackPlot {
    private static final double SCALE = 20;
    private static final double MARGIN = 1;
    private static final int GAP = 16;
    private static final int HEAD = 48;
    private static final String TITLE =
            "WILDTRACK from perturbed ground truth, fusion only: people are rings, red where missed;"
                    + " tracks are dots with their 95 % cuts, blue crosses where false";
    private static final double CUT_95 = -2 * Math.log(0.05);

    private WildtrackPlot() {}

    static Plot of(List<WildtrackBench.Result> results) {
        int panel = (int) (SCALE * (WildtrackBench.EAST - WildtrackBench.WEST + 2 * MARGIN));
        int tall = (int) (SCALE * (WildtrackBench.NORTH - WildtrackBench.SOUTH + 2 * MARGIN));
        List<GroundPlan> plans = new ArrayList<>();
        for (WildtrackBench.Result result : results) {
            plans.add(instant(result, GAP + plans.size() * (panel + GAP)));
            plans.add(errors(result, GAP + plans.size() * (panel + GAP)));
        }
        return new Plot(GAP + plans.size() * (panel + GAP), HEAD + tall + GAP, TITLE, canvas -> {
            canvas.text(GAP, 20, 13, TITLE, GroundPlan.BLACK);
            plans.forEach(plan -> plan.draw(canvas));
        });
    }

    private static GroundPlan plan(double left) {
        return new GroundPlan(
                WildtrackBench.WEST - MARGIN,
                WildtrackBench.SOUTH - MARGIN,
                WildtrackBench.EAST + MARGIN,
                WildtrackBench.NORTH + MARGIN,
                SCALE,
                left,
                HEAD);
    }

    private static GroundPlan instant(WildtrackBench.Result result, double left) {
        GroundPlan plan = plan(left);
        WildtrackBench.Picture last = result.pictures().getLast();
        plan.title(WildtrackBench.title(result) + ", the last instant");
        for (Track t : last.tracks()) {
            double[] c = t.covariance();
            plan.ellipse(t.east(), t.north(), c[0], c[1], c[5], CUT_95, GroundPlan.colour(t.id()));
            plan.dot(t.east(), t.north(), 0.1, GroundPlan.colour(t.id()), 1);
        }
        Set<TruthPoint> missed = new HashSet<>(missed(last));
        for (TruthPoint p : last.truth()) {
            boolean miss = missed.contains(p);
            plan.ring(p.east(), p.north(), 0.5, miss ? GroundPlan.RED : GroundPlan.BLACK, miss ? 2 : 1);
        }
        return plan;
    }

    private static GroundPlan errors(WildtrackBench.Result result, double left) {
        GroundPlan plan = plan(left);
        for (WildtrackBench.Picture picture : result.pictures()) {
            for (Track t : picture.tracks()) {
                plan.dot(t.east(), t.north(), 0.05, GroundPlan.colour(t.id()), 0.5);
            }
        }
        for (WildtrackBench.Picture picture : result.pictures()) {
            for (TruthPoint p : missed(picture)) {
                plan.ring(p.east(), p.north(), 0.2, GroundPlan.RED, 1.5);
            }
            for (Track t : falses(picture)) {
                plan.cross(t.east(), t.north(), 0.15, GroundPlan.BLUE, 1.5);
            }
        }
        plan.title(result.pictures().size() + " instants: " + result.clear().misses() + " missed, "
                + result.clear().falses() + " false");
        return plan;
    }

    private static List<TruthPoint> missed(WildtrackBench.Picture picture) {
        int[] match = match(picture);
        List<TruthPoint> out = new ArrayList<>();
        for (int i = 0; i < match.length; i++) {
            if (match[i] < 0) {
                out.add(picture.truth().get(i));
            }
        }
        return out;
    }

    private static List<Track> falses(WildtrackBench.Picture picture) {
        List<Track> out = new ArrayList<>(picture.tracks());
        for (int j : match(picture)) {
            if (j >= 0) {
                out.remove(picture.tracks().get(j));
            }
        }
        return out;
    }

    /** The track of each true person within half a metre, -1 for none: most pairs, then the closest. */
    private static int[] match(WildtrackBench.Picture picture) {
        MatchFrame frame = picture.frame();
        int n = frame.truth().size();
        int m = frame.estimates().size();
        double[] cost = new double[n * (m + n)];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double s = frame.similarity()[i][j];
                cost[i * (m + n) + j] = s >= WildtrackBench.THRESHOLD ? -1 - s : 1e6;
            }
        }
        int[] column = new LinearAssignment().solve(cost, n, m + n, m + n).clone();
        int[] out = new int[n];
        for (int i = 0; i < n; i++) {
            out[i] = column[i] < m ? column[i] : -1;
        }
        return out;
    }
}
