package sightline.config.settings;

import java.util.List;
import java.util.stream.Collectors;

/** Every key at its default, as a YAML file with comments. */
final class YamlReference {

    private final SettingsRegistry registry;

    YamlReference(SettingsRegistry registry) {
        this.registry = registry;
    }

    String render() {
        StringBuilder out = new StringBuilder();
        for (SettingsGroup group : registry.groups()) {
            out.append("# ").append(group.doc()).append('\n');
            out.append(group.name()).append(":\n");
            for (Setting<?> setting : group.settings()) {
                out.append("  # ").append(setting.doc()).append('\n');
                out.append("  # ").append(Described.type(setting)).append('\n');
                out.append("  ")
                        .append(setting.key().substring(group.name().length() + 1))
                        .append(": ")
                        .append(scalar(setting))
                        .append("\n\n");
            }
        }
        return out.toString();
    }

    private static <T> String scalar(Setting<T> setting) {
        if (setting.fallback() instanceof List<?> items) {
            return items.stream().map(item -> quoted(item.toString())).collect(Collectors.joining(", ", "[", "]"));
        }
        String text = setting.format(setting.fallback());
        return setting.fallback() instanceof String || text.isEmpty() ? quoted(text) : text;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
