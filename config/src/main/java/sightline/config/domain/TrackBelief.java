package sightline.config.domain;

import java.util.List;

/**
 * What a node holds of one track: credibilities of presence and absence (the larger is 1) and where it would be.
 *
 * @param track scene-wide id
 * @param presence credibility that the target exists
 * @param absence credibility that it does not
 * @param terms max-mixture over the state, supremum 1
 * @param label class, {@code null} where no evidence says
 */
public record TrackBelief(String track, double presence, double absence, List<GaussianTerm> terms, ObjectClass label) {
    public TrackBelief {
        terms = List.copyOf(terms);
    }
}
