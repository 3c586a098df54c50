package sightline.pipeline.web;

import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import sightline.config.domain.Event;
import sightline.config.domain.SensorStatus;
import sightline.config.settings.Settings;

/**
 * What can be seen of a running pipeline, and what it can be told: the one port between the topology and the dashboard.
 *
 * <p>Streams are hot: they go on whether anybody subscribes or not, start at the moment of subscription, and must not be
 * slowed. The dashboard requests without bound and returns at once from every signal, so a stream needs no buffer of its
 * own. A stream that fails takes its view down, not the page. Latest-value methods return at once and may be called from
 * any thread.
 */
public interface Picture {
    /** The roster as it is now, with what the map needs of each camera. */
    SiteView site();

    /** Every change of the roster, zones and lines. */
    Flux<SiteView> sites();

    /** Frames for people, with what was found in them. Emit as they come: the page takes the newest of each camera. */
    Flux<CameraView> cameras();

    /** The fused picture, once a tick. */
    Flux<FusedTick> fused();

    /** What each node holds on its own, once a tick and node. */
    Flux<NodeTick> nodes();

    /** Events as rules raise them. */
    Flux<Event> events();

    /** The newest events that are still kept, newest last; the page asks once when it connects. */
    List<Event> recentEvents();

    /** Changes and heartbeats of sources. */
    Flux<SensorStatus> statuses();

    /** Last known state of every source. */
    List<SensorStatus> lastStatuses();

    /** Pictures made of events: previews first, then the final one, with the same id. */
    Flux<Depiction> depictions();

    /** The newest depictions that are still kept, newest last. */
    List<Depiction> recentDepictions();

    /** Figures of the system as they are now; asked about once a second. */
    SystemFacts system();

    /** Which stages are ready, and why the others are not. */
    List<Readiness> readiness();

    /**
     * A picture kept as evidence or made of an event.
     *
     * @param reference as in {@link Event#evidence()} or {@link Depiction#image()}
     * @return empty if it is unknown, expired or erased; may read from disk, so it does not answer on the caller's thread
     */
    Mono<Optional<Blob>> blob(String reference);

    /** What the page may ask for. */
    Commands commands();

    /** The settings in force, for the page's reference; empty where there are none to show. */
    default Optional<Settings> settings() {
        return Optional.empty();
    }

    /**
     * Bytes with their media type.
     *
     * @param contentType for example {@code image/jpeg}
     * @param bytes owned by the receiver
     */
    record Blob(String contentType, byte[] bytes) {}
}
