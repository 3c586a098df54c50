package sightline.pipeline.topology;

import java.time.Duration;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsGroup;

/** The keys of the bridge: how all stages read from Kafka. */
public final class KafkaKeys {
    private static final Bus.Habits DEFAULTS = Bus.Habits.DEFAULT;

    public static final Setting<Duration> COMMIT_INTERVAL = Setting.duration(
                    "kafka.commit-interval", DEFAULTS.commitInterval())
            .within(Duration.ofMillis(10), Duration.ofMinutes(1))
            .doc("How often finished offsets are committed; what came after is read again after a crash.");

    public static final Setting<Duration> DRAIN = Setting.duration("kafka.drain", DEFAULTS.drain())
            .within(Duration.ZERO, Duration.ofSeconds(10))
            .doc("How long a partition that is taken away waits for the work that is under way on it.");

    public static final Setting<Integer> WINDOW = Setting.integer("kafka.window", DEFAULTS.window())
            .within(16, 1 << 20)
            .unit("records")
            .doc("Records of one partition from the oldest unfinished one to the newest.");

    public static final SettingsGroup GROUP =
            SettingsGroup.of("kafka", "The bridge between Kafka and the stages.", COMMIT_INTERVAL, DRAIN, WINDOW);

    private KafkaKeys() {}

    public static Bus.Habits habits(Settings settings) {
        return new Bus.Habits(settings.get(COMMIT_INTERVAL), settings.get(DRAIN), settings.get(WINDOW));
    }
}
