package sightline.config.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Every key that a program knows, registered one group at a time. Immutable and safe to share.
 *
 * <p>Besides keys it knows <em>sections</em>: parts of the file with a structure of their own (the site, the rules) that
 * are handed on unread to whoever owns them.
 */
public final class SettingsRegistry {

    private final List<SettingsGroup> groups;
    private final Map<String, Setting<?>> byKey;
    private final Map<String, Setting<?>> byVariable;
    private final Map<String, String> sections;
    private final Set<String> otherVariables;
    private final List<Rule> rules;

    /** What must hold between settings, and the sentence to say where it does not. */
    record Rule(String sentence, Predicate<Settings> holds) {}

    private SettingsRegistry(Builder builder) {
        this.groups = List.copyOf(builder.groups);
        this.byKey = Collections.unmodifiableMap(new LinkedHashMap<>(builder.byKey));
        this.byVariable = Map.copyOf(builder.byVariable);
        this.sections = Collections.unmodifiableMap(new LinkedHashMap<>(builder.sections));
        this.otherVariables = Set.copyOf(builder.otherVariables);
        this.rules = List.copyOf(builder.rules);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** In the order of registration. */
    public List<SettingsGroup> groups() {
        return groups;
    }

    public Collection<Setting<?>> settings() {
        return byKey.values();
    }

    /** Name and meaning of the sections. */
    public Map<String, String> sections() {
        return sections;
    }

    /** The setting of a key. */
    public Optional<Setting<?>> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** All defaults and nothing else. */
    public Settings defaults() {
        return SettingsLoader.of(this).load();
    }

    Optional<Setting<?>> findVariable(String name) {
        return Optional.ofNullable(byVariable.get(name));
    }

    boolean isOtherVariable(String name) {
        return otherVariables.contains(name);
    }

    /** Whether keys start with this prefix and a dot. */
    boolean isPrefix(String prefix) {
        return byKey.keySet().stream().anyMatch(key -> key.startsWith(prefix + "."));
    }

    /** What a mistyped key may have meant. */
    Optional<String> nearest(String key) {
        Set<String> names = new LinkedHashSet<>(byKey.keySet());
        names.addAll(sections.keySet());
        return Nearest.to(key, names);
    }

    Set<String> variables() {
        return byVariable.keySet();
    }

    List<Rule> rules() {
        return rules;
    }

    /** Collects groups; a key that is registered twice, or whose variable is, fails at once. Not thread-safe. */
    public static final class Builder {

        private final List<SettingsGroup> groups = new ArrayList<>();
        private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();
        private final Map<String, Setting<?>> byVariable = new HashMap<>();
        private final Map<String, String> sections = new LinkedHashMap<>();
        private final Set<String> otherVariables = new LinkedHashSet<>();
        private final List<Rule> rules = new ArrayList<>();

        private Builder() {}

        public Builder group(SettingsGroup group) {
            groups.add(group);
            for (Setting<?> setting : group.settings()) {
                if (byKey.put(setting.key(), setting) != null) {
                    throw new IllegalArgumentException("key " + setting.key() + " is registered twice");
                }
                Setting<?> other = byVariable.put(setting.environmentName(), setting);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "keys " + other + " and " + setting + " share the variable " + setting.environmentName());
                }
            }
            return this;
        }

        /** A part of the file that is handed on as it stands. */
        public Builder section(String name, String doc) {
            sections.put(name, doc);
            return this;
        }

        /** A {@code SIGHTLINE_} variable that means something to somebody else and is no override. */
        public Builder otherVariable(String name) {
            otherVariables.add(name);
            return this;
        }

        /** What must hold between several settings; the sentence is what people read where it does not. */
        public Builder require(String sentence, Predicate<Settings> holds) {
            rules.add(new Rule(sentence, holds));
            return this;
        }

        public SettingsRegistry build() {
            return new SettingsRegistry(this);
        }
    }
}
