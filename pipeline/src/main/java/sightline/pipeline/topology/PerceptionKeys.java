package sightline.pipeline.topology;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsGroup;
import sightline.pipeline.declared.DetectorChoice;
import sightline.pipeline.declared.NetworkChoice;
import sightline.pipeline.declared.NetworkChoices;

/** The keys of perception and of its detector. */
public final class PerceptionKeys {
    private static final PerceptionStage.Limits DEFAULTS = PerceptionStage.Limits.DEFAULT;

    public static final Setting<Integer> MAX_BATCH = Setting.integer("perception.max-batch", DEFAULTS.maxBatch())
            .within(0, 64)
            .unit("frames")
            .doc(
                    "Frames that are looked at before their results leave; 0 for as many as pay: 32 on a GPU, 1 on a CPU.");

    public static final Setting<Duration> OLDEST = Setting.duration("perception.oldest", DEFAULTS.oldest())
            .within(Duration.ofMillis(50), Duration.ofHours(1))
            .doc("A frame that was exposed longer ago is not worth a look.");

    public static final Setting<Long> PIXELS = Setting.size("perception.pixels", DEFAULTS.pixelBytes())
            .within(1L << 20, 16L << 30)
            .doc("Memory for decoded pictures.")
            .holds("decoded pixels, direct", settings -> settings.get(PerceptionKeys.PIXELS));

    public static final Setting<Long> LARGEST_FRAME = Setting.size("perception.largest-frame", DEFAULTS.largestFrame())
            .within(64L << 10, 8L << 20)
            .doc("A compressed frame that is usual at most; sizes what is fetched at a time.");

    public static final Setting<Duration> FROZEN_AFTER = Setting.duration(
                    "perception.frozen-after", DEFAULTS.frozenAfter())
            .within(Duration.ofMillis(200), Duration.ofHours(1))
            .doc("A camera that repeats one picture for so long stands still and is left out.");

    public static final Setting<Integer> SIDE = Setting.integer(
                    "perception.detector.side", DetectorChoice.SHIPPED.side())
            .within(32, 2048)
            .unit("px")
            .doc("Longer side of the detector's input, a multiple of 32; a pipeline file may say otherwise.");

    public static final Setting<Double> SCORE = Setting.number(
                    "perception.detector.score", DetectorChoice.SHIPPED.score())
            .within(0.01, 0.99)
            .doc("Least score of a detection; a pipeline file may say otherwise.");

    public static final Setting<Integer> THREADS = Setting.integer(
                    "perception.detector.threads", DetectorChoice.SHIPPED.threads())
            .within(1, 64)
            .doc("Threads of one run of the detector; a pipeline file may say otherwise.");

    public static final Setting<String> POSES = model("poses", "joints of people", "litepose-xs");
    public static final Setting<Path> POSE_WEIGHTS = weights("poses");
    public static final Setting<String> SEGMENTATION =
            model("segmentation", "a label for each pixel", "efficientvit-seg-b0-street");
    public static final Setting<Path> SEGMENTATION_WEIGHTS = weights("segmentation");
    public static final Setting<String> MASKS =
            model("masks", "the outline of each thing found, now and then", "efficientvit-sam-l0");
    public static final Setting<Path> MASK_WEIGHTS = weights("masks");

    public static final SettingsGroup GROUP = SettingsGroup.of(
            "perception",
            "From frames to detections.",
            MAX_BATCH,
            OLDEST,
            PIXELS,
            LARGEST_FRAME,
            FROZEN_AFTER,
            SIDE,
            SCORE,
            THREADS,
            POSES,
            POSE_WEIGHTS,
            SEGMENTATION,
            SEGMENTATION_WEIGHTS,
            MASKS,
            MASK_WEIGHTS);

    private PerceptionKeys() {}

    private static Setting<String> model(String task, String gives, String example) {
        return Setting.text("perception." + task + ".model", "")
                .doc("A network that gives " + gives + ", such as " + example
                        + "; none where empty. A pipeline file may say otherwise.");
    }

    private static Setting<Path> weights(String task) {
        return Setting.path("perception." + task + ".weights", Path.of(""))
                .doc("Its weights, a file; those that ship where empty.");
    }

    static PerceptionStage.Limits limits(Settings settings) {
        return new PerceptionStage.Limits(
                settings.get(MAX_BATCH),
                settings.get(OLDEST),
                settings.get(PIXELS),
                Math.toIntExact(settings.get(LARGEST_FRAME)),
                settings.get(FROZEN_AFTER));
    }

    /** The networks where no pipeline file declares any. */
    public static NetworkChoices networks(Settings settings) {
        return new NetworkChoices(
                detector(settings),
                network(settings, POSES, POSE_WEIGHTS),
                network(settings, SEGMENTATION, SEGMENTATION_WEIGHTS),
                network(settings, MASKS, MASK_WEIGHTS));
    }

    private static Optional<NetworkChoice> network(Settings settings, Setting<String> model, Setting<Path> weights) {
        String name = settings.get(model);
        Optional<Path> file =
                Optional.of(settings.get(weights)).filter(f -> !f.toString().isEmpty());
        if (name.isEmpty() && file.isPresent()) {
            throw new IllegalArgumentException(weights.key() + " names weights, but " + model.key() + " no network");
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(new NetworkChoice(name, file));
    }

    static DetectorChoice detector(Settings settings) {
        return new DetectorChoice(
                DetectorChoice.SHIPPED.weights(), settings.get(SIDE), settings.get(SCORE), settings.get(THREADS));
    }
}
