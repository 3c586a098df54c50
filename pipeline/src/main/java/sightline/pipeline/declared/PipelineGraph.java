package sightline.pipeline.declared;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sightline.config.contract.Topics;
import sightline.config.site.SensorSpec;
import sightline.config.site.Site;

/** A declared pipeline as a drawing in text, from the cameras to the page. */
public final class PipelineGraph {
    private PipelineGraph() {}

    public static String of(Declaration declared) {
        List<String> lines = new ArrayList<>();
        Site site = declared.site();
        lines.add("scene " + site.scene() + ", a tick every " + site.tickNanos() / 1_000_000 + " ms");
        int width =
                site.sensors().stream().mapToInt(s -> s.name().length()).max().orElse(0);
        for (Map.Entry<String, Feed> camera : declared.cameras().entrySet()) {
            lines.add("  " + pad(camera.getKey(), width) + "  "
                    + camera.getValue().label());
        }
        lines.add("    └─► frame.camera.v1 ─► perception ("
                + declared.networks().label() + ") ─► " + topics(declared.networks()));
        for (String node : site.nodes()) {
            List<String> sensors =
                    site.sensorsOf(node).stream().map(PipelineGraph::reading).toList();
            lines.add("    └─► node " + node + " ◄─ " + String.join(", ", sensors) + " ⇄ belief.node.v1");
        }
        lines.add("          └─► track.fused.v1 ─► rules (" + site.zones().size() + " zones, "
                + site.lines().size() + " lines) ─► event.rule.v1 ─► depiction, page");
        return String.join(System.lineSeparator(), lines);
    }

    private static String topics(NetworkChoices networks) {
        List<String> topics = new ArrayList<>(List.of(Topics.DETECTION_CAMERA.name()));
        networks.poses().ifPresent(p -> topics.add(Topics.POSE_CAMERA.name()));
        networks.segmentation().ifPresent(s -> topics.add(Topics.MASK_CAMERA.name()));
        networks.masks().ifPresent(m -> topics.add(Topics.INSTANCE_CAMERA.name()));
        return String.join(", ", topics);
    }

    private static String reading(SensorSpec sensor) {
        return sensor.name() + (sensor.kind() == SensorSpec.Kind.CAMERA ? "" : " (measurement.sensor.v1)");
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
