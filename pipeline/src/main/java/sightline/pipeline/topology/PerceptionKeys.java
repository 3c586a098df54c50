package sightline.pipeline.topology;

import java.time.Duration;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsGroup;
import sightline.pipeline.declared.DetectorChoice;

/** The keys of perception and of its detector. */
public final class PerceptionKeys {
    private static final PerceptionStage.Limits DEFAULTS = PerceptionStage.Limits.DEFAULT;

    public static final Setting<Integer> MAX_BATCH = Setting.integer("perception.max-batch", DEFAULTS.maxBatch())
            .within(1, 64)
            .unit("frames")
            .doc("Frames that are looked at before their results leave; more than one pays only on a GPU.");

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
            THREADS);

    private PerceptionKeys() {}

    static PerceptionStage.Limits limits(Settings settings) {
        return new PerceptionStage.Limits(
                settings.get(MAX_BATCH),
                settings.get(OLDEST),
                settings.get(PIXELS),
                Math.toIntExact(settings.get(LARGEST_FRAME)),
                settings.get(FROZEN_AFTER));
    }

    /** The detector where no pipeline file declares one. */
    public static DetectorChoice detector(Settings settings) {
        return new DetectorChoice(
                DetectorChoice.SHIPPED.weights(), settings.get(SIDE), settings.get(SCORE), settings.get(THREADS));
    }
}
