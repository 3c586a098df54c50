package sightline.pipeline.topology;

import java.util.List;
import sightline.config.site.Site;

/** A site whose cameras are all fed by others, until somebody gives one a source here. */
record NoCameras(Site site) implements Scene {
    @Override
    public List<String> cameras() {
        return List.of();
    }

    @Override
    public List<Stage> start(Production edge) {
        return List.of();
    }

    @Override
    public Stage camera(Production edge, String name, boolean detections) {
        return new Elsewhere(name);
    }
}
