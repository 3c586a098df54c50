package sightline.config.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReferenceTest {

    @Test
    void theDefaultFileLoadsToTheDefaults() {
        Settings settings = SettingsLoader.of(Kitchen.REGISTRY)
                .yaml("defaults.yaml", Reference.yaml(Kitchen.REGISTRY))
                .load();

        for (Setting<?> setting : Kitchen.REGISTRY.settings()) {
            assertThat(settings.place(setting)).as(setting.key()).startsWith("defaults.yaml line");
            assertThat((Object) settings.get(setting)).as(setting.key()).isEqualTo(setting.fallback());
        }
    }

    @Test
    void everyKeyStandsOnEveryPage() {
        for (Setting<?> setting : Kitchen.REGISTRY.settings()) {
            assertThat(Reference.markdown(Kitchen.REGISTRY))
                    .contains("`" + setting.key() + "`", setting.environmentName(), setting.doc());
            assertThat(Reference.help(Kitchen.REGISTRY, "")).contains(setting.key() + "=", setting.range());
        }
        assertThat(Reference.markdown(Kitchen.REGISTRY)).contains("## guests");
    }

    @Test
    void aPageIsSafeToServe() {
        assertThat(Reference.html(Kitchen.REGISTRY))
                .contains("Salt &amp; pepper &lt;or&gt; less.")
                .doesNotContain("<or>");
    }

    @Test
    void helpIsForThePartThatWasAskedFor() {
        assertThat(Reference.help(Kitchen.REGISTRY, "kitchen.po"))
                .contains("kitchen.pots=4  (whole number, 1 to 12, in pots)", "kitchen.pot-size=2MiB")
                .doesNotContain("kitchen.timer");
    }

    @Test
    void theMemoryBudgetAddsUpTheBounds() {
        Settings settings =
                SettingsLoader.of(Kitchen.REGISTRY).set("kitchen.pots=3").load();
        MemoryBudget budget = MemoryBudget.of(settings);

        assertThat(budget.lines())
                .containsExactly(new MemoryBudget.Line("kitchen.pots", "3 pots", "soup", 3 * (2L << 20)));
        assertThat(budget.total()).isEqualTo(6L << 20);
        assertThat(budget.table()).contains("kitchen.pots", "3 pots", "6.0 MiB", "soup", "total");
    }
}
