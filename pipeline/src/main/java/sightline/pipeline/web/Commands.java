package sightline.pipeline.web;

import reactor.core.publisher.Mono;
import sightline.config.site.Zone;

/**
 * What people can tell the pipeline from the page. Every command answers when it has taken effect, or fails with an
 * {@link IllegalArgumentException} whose message is shown to the person who asked. Answers may come on any thread.
 */
public interface Commands {
    /** Adds a zone, or replaces the one with its name. */
    Mono<Void> putZone(Zone zone);

    /** Takes a zone away; fails if there is none of that name. */
    Mono<Void> removeZone(String name);

    /**
     * Adds a camera, brings a removed one back, or gives one another source.
     *
     * @param name sensor name of the roster
     * @param source where its pictures come from: {@code started} for as at the start, {@code topic} for others who send
     *     them, {@code video:FILE[@FPS]} for a recording that the server has; empty for the source that it had
     */
    Mono<Void> addCamera(String name, String source);

    /** Stops a camera's source; its place in the roster stays. */
    Mono<Void> removeCamera(String name);

    /**
     * Asks for a picture of an event.
     *
     * @param event id of a known event
     * @param whatIf a change to the brief in plain words; empty for the event as it was
     * @param viewpoint a camera name or a named viewpoint; empty for the default
     * @return id of the request
     */
    Mono<String> depict(String event, String whatIf, String viewpoint);
}
