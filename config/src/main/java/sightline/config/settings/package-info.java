/**
 * Typed settings: one definition of a key, from which loading, defaults, help and reference pages all follow.
 *
 * <p>A room declares its keys where it uses them:
 *
 * <pre>{@code
 * public final class FusionSettings {
 *     public static final Setting<Duration> TICK = Setting.duration("fusion.tick", Duration.ofMillis(100))
 *             .within(Duration.ofMillis(10), Duration.ofSeconds(1))
 *             .doc("Length of a scene tick in exposure time.");
 *     public static final SettingsGroup GROUP = SettingsGroup.of("fusion", "Agreement between nodes.", TICK);
 * }
 * }</pre>
 *
 * <p>and the assembly registers the groups by name, so nothing is found by scanning:
 *
 * <pre>{@code
 * SettingsRegistry registry = SettingsRegistry.builder().group(FusionSettings.GROUP).build();
 * Settings settings = SettingsLoader.of(registry).file(path).environment(System.getenv()).set("fusion.tick=50ms").load();
 * Duration tick = settings.get(FusionSettings.TICK);
 * }</pre>
 *
 * <p>Later sources win: defaults, file, environment ({@code SIGHTLINE_FUSION_TICK}), command line. All problems of all
 * sources are reported together, each with its key, value, place and the nearest valid key. {@link
 * sightline.config.settings.MemoryBudget} adds up what the bounds allow, and {@link
 * sightline.config.settings.Reference} renders the documentation.
 */
package sightline.config.settings;
