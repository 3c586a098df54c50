package sightline.config.evidence;

import java.nio.file.Path;
import java.time.Duration;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsGroup;

/** The keys of the evidence store. */
public final class EvidenceSettings {

    public static final Setting<Path> DIRECTORY = Setting.path("evidence.directory", Path.of(".sightline/evidence"))
            .doc("Where pictures that events refer to are kept.");

    public static final Setting<Long> MAX_SIZE = Setting.size("evidence.max-size", 1L << 30)
            .within(1L << 20, 1L << 50)
            .doc("Storage for evidence; the oldest makes room.");

    public static final Setting<Duration> RETENTION = Setting.duration("evidence.retention", Duration.ofDays(30))
            .within(Duration.ofMinutes(1), Duration.ofDays(3650))
            .doc("How long evidence is kept.");

    public static final Setting<Long> FRAMES_SIZE = Setting.size("evidence.frames.max-size", 2L << 30)
            .within(1L << 20, 1L << 50)
            .doc("Storage for frames that are too large for Kafka; the oldest makes room.");

    public static final Setting<Duration> FRAMES_RETENTION = Setting.duration(
                    "evidence.frames.retention", Duration.ofMinutes(10))
            .within(Duration.ofSeconds(1), Duration.ofDays(30))
            .doc("How long they are kept; as long as the frames' topic keeps the others.");

    public static final SettingsGroup GROUP = SettingsGroup.of(
            "evidence",
            "Pictures outside Kafka: evidence of events, and frames too large for a record.",
            DIRECTORY,
            MAX_SIZE,
            RETENTION,
            FRAMES_SIZE,
            FRAMES_RETENTION);

    private EvidenceSettings() {}

    /** Where frames too large for Kafka lie, beside the evidence of that directory. */
    public static Path frames(Path directory) {
        return directory.resolve("frames");
    }

    /** The limits of frames too large for Kafka. */
    public static EvidenceLimits frameLimits(Settings settings) {
        return new EvidenceLimits(settings.get(FRAMES_SIZE), settings.get(FRAMES_RETENTION));
    }

    /** The limits that the settings say. */
    public static EvidenceLimits limits(Settings settings) {
        return new EvidenceLimits(settings.get(MAX_SIZE), settings.get(RETENTION));
    }
}
