package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sightline.operators.phd.LabelSource;
import sightline.operators.phd.PresenceFilter;
import sightline.operators.phd.PresenceState;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;
import sightline.operators.possibility.MaxMixture;

/**
 * The fusion rule of one tick. Beliefs that start from the same prior are multiplied label by label; a node that is not
 * heard contributes its share of the prior, untouched. New tracks of different nodes that lie together become one: the
 * later one's evidence is taken as an observation of the first, so that neither prior counts twice. Beliefs from another
 * prior are folded in conservatively, see {@link AlienBeliefs}.
 *
 * <p>Pure: the result depends on its arguments alone, in their order.
 */
final class Agreement {
    private static final double PRODUCT_GATE = 60;

    private final FusionSettings settings;
    private final int nodes;
    private final double tickSeconds;

    Agreement(FusionSettings settings, int nodes, double tickSeconds) {
        this.settings = settings;
        this.nodes = nodes;
        this.tickSeconds = tickSeconds;
    }

    /**
     * @param prior what all tables start from
     * @param priorNanos its time
     * @param tables of the nodes that were heard, in roster order
     * @param aliens tables from other priors
     * @param nanos time of the tick
     */
    List<TrackHypothesis> fuse(
            Prior prior,
            long priorNanos,
            List<List<TrackHypothesis>> tables,
            List<List<TrackHypothesis>> aliens,
            long nanos) {
        TrackFusion fusion = new TrackFusion(
                PRODUCT_GATE,
                settings.filter().terms(),
                settings.filter().termRadius(),
                settings.filter().logTermPrune());
        Set<TrackLabel> known = new HashSet<>(prior.labels());
        List<List<TrackHypothesis>> shares = new ArrayList<>();
        List<TrackHypothesis> births = new ArrayList<>();
        for (List<TrackHypothesis> table : tables) {
            List<TrackHypothesis> inherited = new ArrayList<>();
            for (TrackHypothesis track : table) {
                (known.contains(track.label()) ? inherited : births).add(track);
            }
            shares.add(geometric() ? TrackFusion.power(inherited, 1.0 / nodes) : inherited);
        }
        for (int missing = tables.size(); missing < nodes && !prior.tracks().isEmpty(); missing++) {
            shares.add(untouched(prior, priorNanos, nanos));
        }
        List<TrackHypothesis> fused = fusion.product(shares);
        fused.addAll(new NewTracks(Math.log(settings.birth()), settings.filter().birthGate()).join(births));
        new AlienBeliefs().fold(fused, aliens);
        return reduce(fused, prior, nanos);
    }

    private boolean geometric() {
        return settings.rule() == FusionSettings.Rule.GEOMETRIC_MEAN;
    }

    private List<TrackHypothesis> untouched(Prior prior, long priorNanos, long nanos) {
        double o = 1.0 / nodes;
        PresenceFilter share = new PresenceFilter(settings.filter(), settings.motion(), LabelSource.counting("", 0), o);
        share.restore(new PresenceState(priorNanos, 0, TrackFusion.power(prior.tracks(), o)));
        // Whoever sees the target allows for its death, and the fused table does once more.
        share.tracks().forEach(track -> track.deathOffset(Double.NEGATIVE_INFINITY));
        share.predictTo(nanos);
        return share.tracks();
    }

    private List<TrackHypothesis> reduce(List<TrackHypothesis> fused, Prior prior, long nanos) {
        Set<TrackLabel> confirmed = new HashSet<>();
        for (TrackHypothesis track : prior.tracks()) {
            if (track.confirmed()) {
                confirmed.add(track.label());
            }
        }
        for (TrackHypothesis track : fused) {
            track.confirmed(confirmed.contains(track.label()));
            MaxMixture f = track.where();
            f.normalise();
        }
        fused.removeIf(this::lost);
        PresenceFilter table = new PresenceFilter(settings.filter(), settings.motion(), LabelSource.counting("", 0), 1);
        table.restore(new PresenceState(nanos, 0, fused));
        table.mayHaveDied(tickSeconds);
        table.reduce();
        return table.tracks();
    }

    private boolean lost(TrackHypothesis track) {
        MaxMixture f = track.where();
        int mode = f.mode() * 16;
        double spread = f.covariances()[mode] + f.covariances()[mode + 5];
        return spread > settings.lostMetres() * settings.lostMetres();
    }
}
