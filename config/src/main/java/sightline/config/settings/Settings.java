package sightline.config.settings;

import java.util.Map;
import java.util.Optional;

/**
 * A value for every key, checked. Immutable and safe to share; a changed file makes another one.
 */
public final class Settings {

    private final SettingsRegistry registry;
    private final Map<String, Entry> entries;
    private final Map<String, Object> sections;

    /** A value and where it was said. */
    record Entry(Object value, String place) {}

    Settings(SettingsRegistry registry, Map<String, Entry> entries, Map<String, Object> sections) {
        this.registry = registry;
        this.entries = Map.copyOf(entries);
        this.sections = Map.copyOf(sections);
    }

    /**
     * The value of a setting.
     *
     * @throws IllegalArgumentException if the setting was never registered, which is an error of the program
     */
    @SuppressWarnings("unchecked") // An entry is made by its setting's own reader.
    public <T> T get(Setting<T> setting) {
        if (registry.find(setting.key()).isEmpty()) {
            throw new IllegalArgumentException("key " + setting.key() + " is not registered");
        }
        Entry entry = entries.get(setting.key());
        return entry == null ? setting.fallback() : (T) entry.value();
    }

    /** Where the value was said: {@code default}, {@code site.yaml line 12}, {@code SIGHTLINE_…}, {@code --set}. */
    public String place(Setting<?> setting) {
        Entry entry = entries.get(setting.key());
        return entry == null ? "default" : entry.place();
    }

    /** A section of the file as maps, lists and scalars; empty where the file has none of that name. */
    public Optional<Object> section(String name) {
        return Optional.ofNullable(sections.get(name));
    }

    public SettingsRegistry registry() {
        return registry;
    }
}
