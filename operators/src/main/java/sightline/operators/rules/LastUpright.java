package sightline.operators.rules;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import sightline.config.domain.Track;

/**
 * Where people were last seen upright. Who falls may be lost and found again as somebody new, since a body that lies looks
 * unlike one that stands; so a track that has never been upright takes over from one near by that is gone.
 */
final class LastUpright {
    /** A body's length, and somewhat. */
    private static final double REACH_METRES = 2.2;

    private record Place(Track track, long timeNanos) {
        double east() {
            return track.east();
        }

        double north() {
            return track.north();
        }
    }

    private final long keptNanos;
    private final Map<String, Place> places = new HashMap<>();

    /** @param keptNanos how long somebody counts as having been upright */
    LastUpright(long keptNanos) {
        this.keptNanos = keptNanos;
    }

    void seen(Track track, long timeNanos) {
        places.put(track.id(), new Place(track, timeNanos));
    }

    /**
     * When somebody was upright near a track who is not among those that are there now. Nobody is taken over twice.
     *
     * @param present tracks of this tick
     */
    OptionalLong takeOver(Track track, Collection<Track> present) {
        String nearest = null;
        double best = REACH_METRES;
        for (Map.Entry<String, Place> entry : places.entrySet()) {
            double d = Math.hypot(
                    entry.getValue().east() - track.east(), entry.getValue().north() - track.north());
            if (d < best && present.stream().noneMatch(t -> t.id().equals(entry.getKey()))) {
                best = d;
                nearest = entry.getKey();
            }
        }
        return nearest == null
                ? OptionalLong.empty()
                : OptionalLong.of(places.remove(nearest).timeNanos());
    }

    /** Who is gone, as they were when last seen upright. */
    List<Track> gone(Collection<Track> present) {
        return places.values().stream()
                .map(Place::track)
                .filter(track -> present.stream().noneMatch(t -> t.id().equals(track.id())))
                .toList();
    }

    void forget(long nowNanos) {
        places.values().removeIf(place -> nowNanos - place.timeNanos() > keptNanos);
    }
}
