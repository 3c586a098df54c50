package sightline.config.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A registry with one setting of every type. */
final class Kitchen {

    enum Heat {
        OFF,
        VERY_HOT
    }

    static final Setting<Boolean> LIGHT = Setting.flag("kitchen.light", true).doc("Whether the light is on.");
    static final Setting<Integer> POTS = Setting.integer("kitchen.pots", 4)
            .within(1, 12)
            .unit("pots")
            .doc("Pots on the stove.")
            .holds("soup", settings -> settings.get(Kitchen.POTS) * settings.get(Kitchen.POT_SIZE));
    static final Setting<Long> POT_SIZE =
            Setting.size("kitchen.pot-size", 2 << 20).within(1L << 10, 1L << 30).doc("What a pot holds.");
    static final Setting<Duration> TIMER = Setting.duration("kitchen.timer", Duration.ofSeconds(90))
            .within(Duration.ofMillis(1), Duration.ofHours(2))
            .doc("When it rings.");
    static final Setting<Double> SALT =
            Setting.number("kitchen.salt", .5).within(0., 1.).unit("g").doc("Salt & pepper <or> less.");
    static final Setting<Heat> HEAT = Setting.choice("kitchen.heat", Heat.OFF).doc("How hot.");
    static final Setting<String> COOK = Setting.text("kitchen.cook", "it's me").doc("Who cooks.");
    static final Setting<Path> BOOK =
            Setting.path("kitchen.book", Path.of("books/a b")).doc("Where recipes are.");
    static final Setting<List<String>> HERBS =
            Setting.list("kitchen.herbs", List.of("basil", "thyme")).doc("What grows.");
    static final Setting<Long> VISITS =
            Setting.whole("kitchen.visits", 0).atLeast(0L).doc("How often.");

    static final SettingsGroup GROUP = SettingsGroup.of(
            "kitchen", "Where food is made.", LIGHT, POTS, POT_SIZE, TIMER, SALT, HEAT, COOK, BOOK, HERBS, VISITS);

    static final SettingsRegistry REGISTRY = SettingsRegistry.builder()
            .group(GROUP)
            .section("guests", "Who eats.")
            .otherVariable("SIGHTLINE_DATA")
            .require("kitchen.salt must be 0 where kitchen.light is off", s -> s.get(LIGHT) || s.get(SALT) == 0)
            .build();

    private Kitchen() {}
}
