package sightline.pipeline.topology;

import reactor.core.publisher.Mono;
import sightline.config.site.Zone;
import sightline.pipeline.web.Commands;

/** What a page may ask of a pipeline that takes no commands: nothing, and it is told so. */
final class NoCommands implements Commands {
    @Override
    public Mono<Void> putZone(Zone zone) {
        return refuse();
    }

    @Override
    public Mono<Void> removeZone(String name) {
        return refuse();
    }

    @Override
    public Mono<Void> addCamera(String name, String source) {
        return refuse();
    }

    @Override
    public Mono<Void> removeCamera(String name) {
        return refuse();
    }

    @Override
    public Mono<String> depict(String event, String whatIf, String viewpoint) {
        return refuse();
    }

    private static <T> Mono<T> refuse() {
        return Mono.error(new IllegalArgumentException("this pipeline takes no commands"));
    }
}
