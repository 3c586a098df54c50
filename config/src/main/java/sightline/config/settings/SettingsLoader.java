package sightline.config.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import sightline.config.settings.Settings.Entry;

/**
 * Reads settings from a file, the environment and the command line, in the order of the calls; later ones win. All
 * problems are collected and reported together by {@link #load}. Not thread-safe.
 */
public final class SettingsLoader {

    private final SettingsRegistry registry;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Object> sections = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private SettingsLoader(SettingsRegistry registry) {
        this.registry = registry;
    }

    public static SettingsLoader of(SettingsRegistry registry) {
        return new SettingsLoader(registry);
    }

    /** Reads a YAML file. */
    public SettingsLoader file(Path path) {
        try {
            return yaml(String.valueOf(path.getFileName()), Files.readString(path));
        } catch (IOException e) {
            problems.add("settings file " + path + " cannot be read: " + e.getMessage());
            return this;
        }
    }

    /**
     * Reads YAML text.
     *
     * @param name what problems call it
     */
    public SettingsLoader yaml(String name, String text) {
        new YamlSource(registry, this, name).read(text);
        return this;
    }

    /** Reads all variables that begin with {@code SIGHTLINE_}. */
    public SettingsLoader environment(Map<String, String> variables) {
        new TreeMap<>(variables).forEach((name, value) -> {
            if (name.startsWith(Environment.PREFIX) && !registry.isOtherVariable(name)) {
                registry.findVariable(name)
                        .ifPresentOrElse(
                                setting -> put(setting, value, name, s -> s.read(value)),
                                () -> unknown(name, value, "environment", Nearest.to(name, registry.variables())));
            }
        });
        return this;
    }

    /** Reads {@code key=value} as from a command line. */
    public SettingsLoader set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals <= 0) {
            problems.add("--set " + assignment + ": not of the form key=value");
            return this;
        }
        String key = assignment.substring(0, equals).strip();
        String value = assignment.substring(equals + 1);
        registry.find(key)
                .ifPresentOrElse(
                        setting -> put(setting, value, "--set", s -> s.read(value)),
                        () -> unknown(key, value, "--set", registry.nearest(key)));
        return this;
    }

    /**
     * The settings.
     *
     * @throws SettingsException with every problem of every source
     */
    public Settings load() {
        Settings settings = new Settings(registry, entries, sections);
        if (problems.isEmpty()) {
            for (SettingsRegistry.Rule rule : registry.rules()) {
                if (!rule.holds().test(settings)) {
                    problems.add(rule.sentence());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return settings;
    }

    <T> void put(Setting<T> setting, String shown, String place, Function<Setting<T>, T> read) {
        try {
            entries.put(setting.key(), new Entry(read.apply(setting), place));
        } catch (IllegalArgumentException e) {
            problems.add(place + ": " + setting.key() + ": '" + shown + "' " + e.getMessage());
        }
    }

    void putSection(String name, Object content) {
        sections.put(name, content);
    }

    void unknown(String key, String value, String place, Optional<String> nearest) {
        problems.add(place + ": " + key + ": unknown key (value '" + value + "')"
                + nearest.map(name -> "; did you mean " + name + "?").orElse(""));
    }

    void problem(String sentence) {
        problems.add(sentence);
    }
}
