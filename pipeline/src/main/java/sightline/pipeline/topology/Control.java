package sightline.pipeline.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import sightline.config.site.Site;
import sightline.config.site.Zone;
import sightline.pipeline.web.Commands;

/**
 * What the page may ask of a running pipeline: zones, cameras, pictures. Whoever depends on the site is told of each
 * change. Threading: safe from any thread; changes of the site are made one at a time.
 */
final class Control implements Commands, AutoCloseable {
    private final Map<String, Stage> feeds = new ConcurrentHashMap<>();
    private final Optional<Cameras> cameras;
    private final List<Consumer<Site>> listeners = new CopyOnWriteArrayList<>();
    private volatile Optional<Briefing> briefing = Optional.empty();
    private volatile Site site;

    /** How cameras are started. */
    interface Cameras {
        /** Starts a camera by name. */
        Stage start(String camera);

        /** Gives it another source for its next start; an IllegalArgumentException says why not. Returns what undoes it. */
        Runnable choose(String camera, String source);
    }

    /** @param cameras empty where they are not this process's business */
    Control(Site site, Optional<Cameras> cameras) {
        this.site = site;
        this.cameras = cameras;
    }

    void onSite(Consumer<Site> listener) {
        listeners.add(listener);
    }

    void briefing(Briefing asking) {
        briefing = Optional.of(asking);
    }

    Site site() {
        return site;
    }

    void startCameras(List<String> names) {
        cameras.ifPresent(c -> names.forEach(name -> feeds.put(name, c.start(name))));
    }

    void addCamera(String name) {
        Cameras ours = ours();
        if (site.sensor(name).filter(s -> s.calibration().isPresent()).isEmpty()) {
            throw new IllegalArgumentException("there is no camera named " + name + " in the roster");
        }
        feeds.computeIfAbsent(name, ours::start);
    }

    private Cameras ours() {
        return cameras.orElseThrow(
                () -> new IllegalArgumentException("cameras are run by another process of this pipeline"));
    }

    /** The camera goes on with another source, or as it was if that one does not start. */
    private synchronized void changeSource(String name, String source) {
        Runnable undo = ours().choose(name, source);
        Stage before = feeds.remove(name);
        if (before != null) {
            before.close();
        }
        try {
            addCamera(name);
        } catch (RuntimeException e) {
            undo.run();
            if (before != null) {
                addCamera(name);
            }
            throw e;
        }
    }

    List<Stage> cameras() {
        return List.copyOf(feeds.values());
    }

    @Override
    public Mono<Void> putZone(Zone zone) {
        return Mono.fromRunnable(() -> change(zone.name(), Optional.of(zone)));
    }

    @Override
    public Mono<Void> removeZone(String name) {
        return Mono.fromRunnable(() -> {
            if (site.zones().stream().noneMatch(z -> z.name().equals(name))) {
                throw new IllegalArgumentException("there is no zone named " + name);
            }
            change(name, Optional.empty());
        });
    }

    private synchronized void change(String name, Optional<Zone> zone) {
        List<Zone> zones = new ArrayList<>(site.zones());
        zones.removeIf(z -> z.name().equals(name));
        zone.ifPresent(zones::add);
        show(site.withZones(zones));
    }

    /** Another version of the site, with the same roster. */
    synchronized void show(Site next) {
        site = next;
        listeners.forEach(listener -> listener.accept(next));
    }

    @Override
    public Mono<Void> addCamera(String name, String source) {
        return Mono.fromRunnable(() -> {
            if (source.isEmpty()) {
                addCamera(name);
            } else {
                changeSource(name, source);
            }
        });
    }

    @Override
    public Mono<Void> removeCamera(String name) {
        return Mono.fromRunnable(() -> stopCamera(name));
    }

    void stopCamera(String name) {
        Stage feed = feeds.remove(name);
        if (feed == null) {
            throw new IllegalArgumentException("camera " + name + " is not run by this process");
        }
        feed.close();
    }

    @Override
    public Mono<String> depict(String event, String whatIf, String viewpoint) {
        if (!whatIf.isEmpty()) {
            return Mono.error(
                    new IllegalArgumentException("no depictor here reads prose; ask for another viewpoint instead"));
        }
        return briefing.map(b -> b.depict(event, viewpoint))
                .orElseGet(() -> Mono.error(
                        new IllegalArgumentException("pictures are made by another process of this pipeline")));
    }

    @Override
    public void close() {
        feeds.values().forEach(Stage::close);
        feeds.clear();
    }
}
