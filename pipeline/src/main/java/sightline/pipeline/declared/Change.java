package sightline.pipeline.declared;

import java.util.ArrayList;
import java.util.List;
import sightline.config.site.Site;

/** One difference between a running pipeline and the next version of its declaration. */
public sealed interface Change {
    /** A camera begins. */
    record Added(String camera, Feed feed) implements Change {}

    /** A camera ends. */
    record Removed(String camera) implements Change {}

    /** Zones or lines are others; roster and calibrations are the same. */
    record Zones(Site site) implements Change {}

    /** Another detector, to be tried beside the present one first. */
    record Detector(DetectorChoice choice) implements Change {}

    /**
     * In the order in which they are to be made: what ends before what begins.
     *
     * @throws IllegalArgumentException if the roster differs, since nodes must agree on it from their start, or
     *     networks besides the detector do
     */
    static List<Change> between(Declaration now, Declaration next) {
        Site before = now.site();
        Site after = next.site();
        if (!before.scene().equals(after.scene())
                || !before.nodes().equals(after.nodes())
                || before.tickNanos() != after.tickNanos()
                || !names(before).equals(names(after))) {
            throw new IllegalArgumentException(
                    "the roster (scene, nodes, sensors, tick) differs from the running one: that takes a restart");
        }
        if (!now.networks().differsInDetectorOnly(next.networks())) {
            throw new IllegalArgumentException(
                    "another network than the detector differs from the running one: that takes a restart");
        }
        List<Change> changes = new ArrayList<>();
        now.cameras().forEach((camera, feed) -> {
            if (!feed.equals(next.cameras().get(camera))) {
                changes.add(new Removed(camera));
            }
        });
        next.cameras().forEach((camera, feed) -> {
            if (!feed.equals(now.cameras().get(camera))) {
                changes.add(new Added(camera, feed));
            }
        });
        if (!before.zones().equals(after.zones()) || !before.lines().equals(after.lines())) {
            changes.add(new Zones(after));
        }
        if (!now.networks().detector().equals(next.networks().detector())) {
            changes.add(new Detector(next.networks().detector()));
        }
        return changes;
    }

    private static List<String> names(Site site) {
        return site.sensors().stream().map(s -> s.name() + "@" + s.node()).toList();
    }
}
