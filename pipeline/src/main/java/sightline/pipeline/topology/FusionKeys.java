package sightline.pipeline.topology;

import java.time.Duration;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsGroup;
import sightline.operators.fusion.FusionSettings;

/** The keys of fusion. All processes of a scene need the same late window, or their priors never agree. */
public final class FusionKeys {
    private static final LivePace.Bounds DEFAULTS = LivePace.Bounds.DEFAULT;

    public static final Setting<Duration> DEADLINE_LEAST = Setting.duration("fusion.deadline-least", DEFAULTS.least())
            .within(Duration.ofMillis(1), Duration.ofSeconds(10))
            .doc("A tick waits at least so long for its sensors, however fast they are.");

    public static final Setting<Duration> DEADLINE_MOST = Setting.duration("fusion.deadline-most", DEFAULTS.most())
            .within(Duration.ofMillis(1), Duration.ofSeconds(10))
            .doc("A tick waits at most so long for its sensors, however slow they are.");

    public static final Setting<Duration> SILENT_AFTER = Setting.duration("fusion.silent-after", DEFAULTS.silent())
            .within(Duration.ofMillis(50), Duration.ofMinutes(1))
            .doc("A sensor that was silent for so long is not waited for.");

    public static final Setting<Duration> PATIENCE = Setting.duration("fusion.patience", DEFAULTS.patience())
            .within(Duration.ofMillis(1), Duration.ofSeconds(10))
            .doc("A node waits so long for its peers' beliefs after its own.");

    public static final Setting<Integer> LATE_WINDOW = Setting.integer(
                    "fusion.late-window", FusionSettings.standard().lagTicks())
            .within(1, 100)
            .unit("ticks")
            .doc("A tick may be worked out again for so long, then it is frozen. The same in all processes of a"
                    + " scene.");

    public static final SettingsGroup GROUP = SettingsGroup.of(
            "fusion",
            "From detections and scans to tracks.",
            DEADLINE_LEAST,
            DEADLINE_MOST,
            SILENT_AFTER,
            PATIENCE,
            LATE_WINDOW);

    private FusionKeys() {}

    static LivePace.Bounds pace(Settings settings) {
        return new LivePace.Bounds(
                settings.get(DEADLINE_LEAST),
                settings.get(DEADLINE_MOST),
                settings.get(SILENT_AFTER),
                settings.get(PATIENCE));
    }

    static FusionSettings node(Settings settings) {
        return FusionSettings.standard().withLag(settings.get(LATE_WINDOW));
    }
}
