package sightline.pipeline.topology;

import java.time.Duration;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsGroup;
import sightline.sensors.source.SourcePolicy;

/** The keys of live sources at the edge; recordings are tried thrice and done when they end. */
public final class SourceKeys {
    private static final SourcePolicy DEFAULTS = SourcePolicy.CAMERA;

    public static final Setting<Duration> STALLED_AFTER = Setting.duration(
                    "sources.stalled-after", DEFAULTS.stalledAfter())
            .within(Duration.ofMillis(50), Duration.ofHours(1))
            .doc("A source that was silent for so long counts as stalled.");

    public static final Setting<Duration> RESTART_AFTER = Setting.duration(
                    "sources.restart-after", DEFAULTS.restartAfter())
            .within(Duration.ofMillis(50), Duration.ofHours(1))
            .doc("A source that was silent for so long is connected anew.");

    public static final Setting<Duration> FIRST_BACKOFF = Setting.duration(
                    "sources.first-backoff", DEFAULTS.firstBackoff())
            .within(Duration.ofMillis(1), Duration.ofHours(1))
            .doc("Wait before the second attempt; doubles with each failure in a row.");

    public static final Setting<Duration> LONGEST_BACKOFF = Setting.duration(
                    "sources.longest-backoff", DEFAULTS.longestBackoff())
            .within(Duration.ofMillis(1), Duration.ofHours(1))
            .doc("Where the doubling ends.");

    public static final Setting<Duration> HEARTBEAT = Setting.duration("sources.heartbeat", DEFAULTS.heartbeat())
            .within(Duration.ofMillis(50), Duration.ofMinutes(1))
            .doc("How often a source that has nothing to tell says so.");

    public static final SettingsGroup GROUP = SettingsGroup.of(
            "sources",
            "Live sensors at the edge.",
            STALLED_AFTER,
            RESTART_AFTER,
            FIRST_BACKOFF,
            LONGEST_BACKOFF,
            HEARTBEAT);

    private SourceKeys() {}

    /** How live sources behave; fails with a sentence where the settings do not fit together. */
    public static SourcePolicy policy(Settings settings) {
        return new SourcePolicy(
                settings.get(STALLED_AFTER),
                settings.get(RESTART_AFTER),
                settings.get(FIRST_BACKOFF),
                settings.get(LONGEST_BACKOFF),
                DEFAULTS.attempts(),
                settings.get(HEARTBEAT),
                DEFAULTS.endless());
    }
}
