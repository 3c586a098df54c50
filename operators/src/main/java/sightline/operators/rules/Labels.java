package sightline.operators.rules;

import java.util.Set;
import sightline.config.domain.ObjectClass;
import sightline.config.domain.Track;

/** Whom a rule is about. */
final class Labels {
    private Labels() {}

    /** An empty set is everybody; a track of unknown class may be anything, so it matches too. */
    static boolean match(Set<ObjectClass> labels, Track track) {
        return labels.isEmpty() || track.label() == null || labels.contains(track.label());
    }
}
