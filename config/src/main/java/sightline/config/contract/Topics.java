package sightline.config.contract;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import sightline.config.contract.Topic.Partitioning;

/** Every topic of the contract. Versions stand in names only for breaking changes. */
public final class Topics {
    public static final String DEAD_LETTER_SUFFIX = ".dlq";

    private static final int SMALL = 1 << 20;
    private static final int FRAME = 8 << 20;

    public static final Topic FRAME_CAMERA = new Topic(
            "frame.camera.v1", "camera", Partitioning.PER_CAMERA, "delete", Duration.ofMinutes(10), "none", FRAME);
    public static final Topic DETECTION_CAMERA = topic("detection.camera.v1", "camera", Partitioning.PER_NODE, 24);
    public static final Topic POSE_CAMERA = topic("pose.camera.v1", "camera", Partitioning.PER_NODE, 24);
    public static final Topic MASK_CAMERA = topic("mask.camera.v1", "camera", Partitioning.PER_NODE, 1);
    public static final Topic INSTANCE_CAMERA = topic("instance.camera.v1", "camera", Partitioning.PER_NODE, 1);
    public static final Topic MEASUREMENT_SENSOR = topic("measurement.sensor.v1", "sensor", Partitioning.PER_NODE, 24);
    public static final Topic BELIEF_NODE =
            new Topic("belief.node.v1", "node", Partitioning.PER_NODE, "delete", Duration.ofMinutes(10), "zstd", SMALL);
    public static final Topic STATE_NODE = compacted("state.node.v1", "node", Partitioning.PER_NODE);
    public static final Topic LEASE_SCENE = compacted("lease.scene.v1", "scene", Partitioning.ONE);
    public static final Topic TRUTH_SCENE = topic("truth.scene.v1", "object", Partitioning.ONE, 6);
    public static final Topic STATUS_SENSOR = compacted("status.sensor.v1", "sensor", Partitioning.ONE);
    public static final Topic CALIBRATION_SENSOR = compacted("calibration.sensor.v1", "sensor", Partitioning.ONE);
    public static final Topic TRACK_FUSED =
            new Topic("track.fused.v1", "track", Partitioning.ONE, "delete", Duration.ofDays(7), "zstd", SMALL);
    public static final Topic TRACK_FUSED_STATE = compacted("track.fused.state.v1", "track", Partitioning.ONE);
    public static final Topic EVENT_RULE = new Topic(
            "event.rule.v1", "rule and track", Partitioning.ONE, "delete", Duration.ofDays(30), "zstd", SMALL);
    public static final Topic RENDER_REQUEST = topic("render.request.v1", "event", Partitioning.ONE, 1);
    public static final Topic RENDER_RESULT = topic("render.result.v1", "event", Partitioning.ONE, 24);

    /** All topics, in the order in which data flows. */
    public static final List<Topic> ALL = List.of(
            FRAME_CAMERA,
            DETECTION_CAMERA,
            POSE_CAMERA,
            MASK_CAMERA,
            INSTANCE_CAMERA,
            MEASUREMENT_SENSOR,
            BELIEF_NODE,
            STATE_NODE,
            LEASE_SCENE,
            TRUTH_SCENE,
            STATUS_SENSOR,
            CALIBRATION_SENSOR,
            TRACK_FUSED,
            TRACK_FUSED_STATE,
            EVENT_RULE,
            RENDER_REQUEST,
            RENDER_RESULT);

    private static final Set<String> COMPACTED = ALL.stream()
            .filter(topic -> topic.cleanup().equals("compact"))
            .map(Topic::name)
            .collect(Collectors.toUnmodifiableSet());

    private Topics() {}

    /** Whether a record without a value has a meaning on that topic: it ends its key, or erases an event or a track. */
    public static boolean hasTombstones(String topic) {
        return COMPACTED.contains(topic) || topic.equals(RENDER_REQUEST.name());
    }

    private static Topic topic(String name, String key, Partitioning partitioning, int hours) {
        return new Topic(name, key, partitioning, "delete", Duration.ofHours(hours), "lz4", SMALL);
    }

    private static Topic compacted(String name, String key, Partitioning partitioning) {
        return new Topic(name, key, partitioning, "compact", Duration.ZERO, "zstd", FRAME);
    }
}
