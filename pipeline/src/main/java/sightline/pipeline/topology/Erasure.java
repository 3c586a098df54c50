package sightline.pipeline.topology;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sightline.config.contract.Topics;
import sightline.config.domain.Brief;
import sightline.config.evidence.EvidenceStore;
import sightline.sensors.kafka.Inbound;
import sightline.sensors.kafka.Outbound;

/**
 * What somebody wants forgotten: an event or a track. It travels as a tombstone among the requests for pictures, so it
 * reaches whoever keeps them; their depictions are deleted, and none is made again. Threading: safe from any thread.
 */
public final class Erasure {
    /** Says that the key of a tombstone is a track; without it the key is an event. */
    private static final String WHAT = "x-erase";

    private static final String TRACK = "track";
    private static final int REMEMBERED = 10_000;

    private final Set<String> events = bounded();
    private final Set<String> tracks = bounded();

    private static Set<String> bounded() {
        return Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > REMEMBERED;
            }
        }));
    }

    /** The wish to forget an event. */
    public static Outbound ofEvent(String event, long nowNanos) {
        return Outbound.keyed(Topics.RENDER_REQUEST.name(), event, nowNanos / 1_000_000, null);
    }

    /** The wish to forget a track, in whatever event it took part. */
    public static Outbound ofTrack(String track, long nowNanos) {
        return ofEvent(track, nowNanos).with(WHAT, TRACK);
    }

    /** Nothing of it is drawn from now on. */
    void forbid(Inbound tombstone) {
        (isTrack(tombstone) ? tracks : events).add(tombstone.key());
    }

    /** Deletes what was drawn of it. */
    static int erase(Inbound tombstone, EvidenceStore store) throws IOException {
        return isTrack(tombstone) ? store.eraseTrack(tombstone.key()) : store.eraseEvent(tombstone.key());
    }

    private static boolean isTrack(Inbound tombstone) {
        return tombstone.header(WHAT).filter(TRACK::equals).isPresent();
    }

    /** Why this is not drawn any more, if it isn't. */
    Optional<String> forbids(Brief brief) {
        if (events.contains(brief.event())) {
            return Optional.of("the event was erased");
        }
        return tracksOf(brief).anyMatch(tracks::contains) ? Optional.of("somebody in it was erased") : Optional.empty();
    }

    /** Who is to be seen in a picture of that. */
    static Stream<String> tracksOf(Brief brief) {
        return Stream.concat(
                brief.people().stream().map(Brief.Person::track),
                brief.vehicles().stream().map(Brief.Vehicle::track));
    }
}
