package sightline.operators.fusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sightline.config.domain.Belief;
import sightline.config.domain.GaussianTerm;
import sightline.config.domain.TrackBelief;
import sightline.operators.phd.TrackHypothesis;
import sightline.operators.phd.TrackLabel;
import sightline.operators.possibility.MaxMixture;

/**
 * Track tables to belief entries and back. A node fuses its own belief in the form that its peers read, so that all
 * compute with the same numbers.
 */
final class BeliefTables {
    private BeliefTables() {}

    static List<TrackBelief> write(String scene, List<TrackHypothesis> tracks) {
        List<TrackBelief> out = new ArrayList<>(tracks.size());
        for (TrackHypothesis track : tracks) {
            MaxMixture f = track.where();
            List<GaussianTerm> terms = new ArrayList<>(f.size());
            for (int i = 0; i < f.size(); i++) {
                terms.add(new GaussianTerm(
                        f.logWeight(i),
                        Arrays.copyOfRange(f.means(), i * 4, i * 4 + 4),
                        Arrays.copyOfRange(f.covariances(), i * 16, i * 16 + 16)));
            }
            out.add(new TrackBelief(
                    scene + "/" + track.label(),
                    Math.exp(track.logPresence()),
                    Math.exp(track.logAbsence()),
                    terms,
                    null));
        }
        return out;
    }

    /** @throws IllegalArgumentException for a table that is none: bad ids, states of another size, no terms */
    static List<TrackHypothesis> read(Belief belief) {
        List<TrackHypothesis> out = new ArrayList<>(belief.tracks().size());
        for (TrackBelief track : belief.tracks()) {
            MaxMixture where = new MaxMixture(4, Math.max(1, track.terms().size()));
            for (GaussianTerm term : track.terms()) {
                if (term.mean().length != 4
                        || !sightline.operators.possibility.Spd.isCovariance(term.covariance(), 4)
                        || !(term.logWeight() <= 1e-9)) {
                    throw new IllegalArgumentException("track " + track.track() + " of " + belief.node()
                            + " has a term that is no Gaussian over four states");
                }
                where.add(term.logWeight(), term.mean(), 0, term.covariance(), 0);
            }
            if (where.isEmpty()) {
                throw new IllegalArgumentException("track " + track.track() + " of " + belief.node() + " is nowhere");
            }
            out.add(new TrackHypothesis(
                    label(track.track(), belief),
                    belief.tickNanos(),
                    Math.log(Math.max(Double.MIN_NORMAL, track.presence())),
                    Math.log(Math.max(Double.MIN_NORMAL, track.absence())),
                    where));
        }
        return out;
    }

    /** {@code scene/node/incarnation.counter}; the node's name may itself hold slashes. */
    private static TrackLabel label(String id, Belief belief) {
        try {
            int first = belief.scene().length();
            int last = id.lastIndexOf('/');
            int dot = id.indexOf('.', last);
            return new TrackLabel(
                    id.substring(first + 1, last),
                    Long.parseLong(id.substring(last + 1, dot)),
                    Long.parseLong(id.substring(dot + 1)));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("track id " + id + " is not scene/node/incarnation.counter", e);
        }
    }
}
