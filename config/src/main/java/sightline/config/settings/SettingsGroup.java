package sightline.config.settings;

import java.util.List;

/**
 * The settings of one stage.
 *
 * @param name first word of all its keys
 * @param doc what the stage is, in a sentence
 * @param settings in the order of the reference page
 */
public record SettingsGroup(String name, String doc, List<Setting<?>> settings) {

    public SettingsGroup {
        settings = List.copyOf(settings);
        for (Setting<?> setting : settings) {
            if (!setting.key().startsWith(name + ".")) {
                throw new IllegalArgumentException("key " + setting.key() + " stands in group " + name);
            }
            if (setting.doc().isBlank()) {
                throw new IllegalArgumentException("key " + setting.key() + " does not say what it does");
            }
        }
    }

    public static SettingsGroup of(String name, String doc, Setting<?>... settings) {
        return new SettingsGroup(name, doc, List.of(settings));
    }
}
