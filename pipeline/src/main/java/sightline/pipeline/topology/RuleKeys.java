package sightline.pipeline.topology;

import java.time.Duration;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsGroup;
import sightline.operators.rules.RuleMeasures;

/** The keys of the rules that every site has. */
public final class RuleKeys {
    private static final RuleMeasures DEFAULTS = RuleMeasures.DEFAULT;

    public static final Setting<Duration> DWELL = Setting.duration("rules.dwell", DEFAULTS.dwell())
            .within(Duration.ZERO, Duration.ofDays(1))
            .doc("Who stays in a zone for so long raises an event; 0s never does.");

    public static final Setting<Integer> CROWD =
            Setting.integer("rules.crowd", DEFAULTS.crowd()).within(1, 10_000).doc("So many in one zone are a crowd.");

    public static final Setting<Double> NEAR_MISS_DISTANCE = Setting.number(
                    "rules.near-miss.distance", DEFAULTS.nearMissMetres())
            .within(0.05, 100.)
            .unit("m")
            .doc("Closer than that, person and vehicle nearly met.");

    public static final Setting<Duration> NEAR_MISS_HORIZON = Setting.duration(
                    "rules.near-miss.horizon", DEFAULTS.nearMissHorizon())
            .within(Duration.ofMillis(100), Duration.ofSeconds(30))
            .doc("How far ahead their motion is carried on.");

    public static final Setting<Double> NEAR_MISS_SPEED = Setting.number(
                    "rules.near-miss.closing-speed", DEFAULTS.nearMissSpeed())
            .within(0., 100.)
            .unit("m/s")
            .doc("Slowest approach that counts.");

    public static final Setting<Duration> FALL_LYING = Setting.duration("rules.fall-lying", DEFAULTS.lying())
            .within(Duration.ofMillis(100), Duration.ofMinutes(10))
            .doc("Who was upright and lies for so long has fallen.");

    public static final Setting<Double> LOITERING_RADIUS = Setting.number(
                    "rules.loitering.radius", DEFAULTS.loiteringMetres())
            .within(0.1, 1000.)
            .unit("m")
            .doc("Who stays within so much of one place loiters.");

    public static final Setting<Duration> LOITERING_TIME = Setting.duration(
                    "rules.loitering.time", DEFAULTS.loitering())
            .within(Duration.ofSeconds(1), Duration.ofDays(1))
            .doc("How long that takes.");

    public static final Setting<Duration> SENSOR_GRACE = Setting.duration("rules.sensor-grace", DEFAULTS.sensorGrace())
            .within(Duration.ZERO, Duration.ofDays(1))
            .doc("How long a sensor may deliver nothing before that is an event.");

    public static final SettingsGroup GROUP = SettingsGroup.of(
            "rules",
            "From tracks to events.",
            DWELL,
            CROWD,
            NEAR_MISS_DISTANCE,
            NEAR_MISS_HORIZON,
            NEAR_MISS_SPEED,
            FALL_LYING,
            LOITERING_RADIUS,
            LOITERING_TIME,
            SENSOR_GRACE);

    private RuleKeys() {}

    static RuleMeasures measures(Settings settings) {
        return new RuleMeasures(
                settings.get(DWELL),
                settings.get(CROWD),
                settings.get(NEAR_MISS_DISTANCE),
                settings.get(NEAR_MISS_HORIZON),
                settings.get(NEAR_MISS_SPEED),
                settings.get(FALL_LYING),
                settings.get(LOITERING_RADIUS),
                settings.get(LOITERING_TIME),
                settings.get(SENSOR_GRACE));
    }
}
