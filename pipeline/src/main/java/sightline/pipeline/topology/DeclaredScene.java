package sightline.pipeline.topology;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import sightline.config.site.Site;
import sightline.pipeline.declared.Declaration;
import sightline.pipeline.declared.Feed;

/** The cameras of a declared pipeline, each with a feed of its own. Safe from any thread. */
final class DeclaredScene implements Scene {
    private final Site site;
    private final Map<String, Feed> feeds = new ConcurrentHashMap<>();
    private final PlazaSource plaza;

    /** @param plaza for the cameras that are simulated, and its radar if any of them is */
    DeclaredScene(Declaration declared, PlazaSource plaza) {
        this.site = declared.site();
        this.plaza = plaza;
        feeds.putAll(declared.cameras());
    }

    /** Changes where a camera's pictures come from when it is started next. */
    void put(String camera, Feed feed) {
        feeds.put(camera, feed);
    }

    @Override
    public Site site() {
        return site;
    }

    @Override
    public List<String> cameras() {
        return feeds.keySet().stream().sorted().toList();
    }

    @Override
    public List<Stage> start(Production edge) {
        return feeds.containsValue(new Feed.Plaza()) ? plaza.start(edge) : List.of();
    }

    @Override
    public Stage camera(Production edge, String name, boolean detections) {
        Feed feed = Optional.ofNullable(feeds.get(name))
                .orElseThrow(() -> new IllegalArgumentException("the pipeline declares no camera " + name));
        return switch (feed) {
            case Feed.Plaza simulated -> plaza.camera(edge, name, detections);
            case Feed.Topic elsewhere -> new Elsewhere(name);
            case Feed.Video video -> VideoScene.camera(edge, site, name, video);
        };
    }

    @Override
    public void close() {
        plaza.close();
    }
}
