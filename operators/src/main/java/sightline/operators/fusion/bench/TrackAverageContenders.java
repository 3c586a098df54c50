package sightline.operators.fusion.bench;

import java.util.ArrayList;
import java.util.List;
import sightline.operators.baselines.TrackAverages;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.Observation;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.MixtureProduct;

/**
 * Track-to-track fusion as it is commonly built: each sensor has a filter of its own that hears nothing of the others,
 * confirmed tracks of different sensors that lie together are taken for one target, and their estimates are averaged. Read
 * twice: one sensor's word is enough, or it takes two.
 */
enum TrackAverageContenders implements Contender.Maker {
    NAIVE("tracks of single sensors, naive average") {
        @Override
        MaxMixture fuse(List<MaxMixture> estimates) {
            return TrackAverages.naive(estimates);
        }
    },
    INTERSECTION("tracks of single sensors, covariance intersection") {
        @Override
        MaxMixture fuse(List<MaxMixture> estimates) {
            return TrackAverages.covarianceIntersection(estimates);
        }
    };

    /** Squared distance of two estimates of four states within which they are of one target: 99.8 %. */
    private static final double GATE = 16;

    private final String title;

    TrackAverageContenders(String title) {
        this.title = title;
    }

    abstract MaxMixture fuse(List<MaxMixture> estimates);

    @Override
    public List<String> readings() {
        return List.of(title + ", any sensor", title + ", two sensors");
    }

    @Override
    public Contender make(Column column) {
        PresenceParts parts = new PresenceParts(Presets.improved(), 0);
        List<PresenceFilter> filters = new ArrayList<>();
        List<LabelSource.Counting> places = new ArrayList<>();
        for (int s = 0; s < column.sensors(); s++) {
            filters.add(parts.filter("n" + s, 1));
            places.add(LabelSource.counting("place", 1));
        }
        return (step, seen) -> {
            List<List<MaxMixture>> targets = new ArrayList<>();
            for (int s = 0; s < filters.size(); s++) {
                look(filters.get(s), places.get(s), parts, column, step, s, seen.get(s));
                associate(targets, filters.get(s).tracks());
            }
            return List.of(read(targets, 1), read(targets, 2));
        };
    }

    private static void look(
            PresenceFilter filter,
            LabelSource.Counting places,
            PresenceParts parts,
            Column column,
            int step,
            int sensor,
            List<Observation> seen) {
        filter.predictTo(PresenceParts.nanos(step));
        PresenceParts.births(filter, places, PresenceParts.nanos(step));
        filter.update(parts.scan(column, step, sensor, seen));
        filter.reduce();
    }

    /** Each confirmed track joins the nearest target that its sensor has not named yet, or is a new one. */
    private static void associate(List<List<MaxMixture>> targets, List<TrackHypothesis> tracks) {
        int before = targets.size();
        boolean[] taken = new boolean[before];
        MixtureProduct product = new MixtureProduct(4);
        MaxMixture meeting = new MaxMixture(4, 1);
        for (TrackHypothesis track : tracks) {
            if (!track.confirmed()) {
                continue;
            }
            int nearest = -1;
            double best = Double.NEGATIVE_INFINITY;
            for (int t = 0; t < before; t++) {
                meeting.clear();
                MaxMixture first = targets.get(t).getFirst();
                // The supremum of the product says how far apart the two are.
                if (!taken[t]
                        && product.append(first, 0, track.where(), track.where().mode(), GATE, meeting)
                        && meeting.logSupremum() > best) {
                    best = meeting.logSupremum();
                    nearest = t;
                }
            }
            MaxMixture estimate = new MaxMixture(4, 1);
            estimate.addTerm(track.where(), track.where().mode());
            estimate.normalise();
            if (nearest >= 0) {
                taken[nearest] = true;
                targets.get(nearest).add(estimate);
            } else {
                targets.add(new ArrayList<>(List.of(estimate)));
            }
        }
    }

    private List<double[]> read(List<List<MaxMixture>> targets, int least) {
        List<double[]> out = new ArrayList<>();
        for (List<MaxMixture> estimates : targets) {
            if (estimates.size() >= least) {
                double[] mean = fuse(estimates).means();
                out.add(new double[] {mean[0], mean[1]});
            }
        }
        return out;
    }
}
