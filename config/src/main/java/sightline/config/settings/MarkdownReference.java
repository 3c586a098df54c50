package sightline.config.settings;

/** A table of keys for each group. */
final class MarkdownReference {

    private final SettingsRegistry registry;

    MarkdownReference(SettingsRegistry registry) {
        this.registry = registry;
    }

    String render() {
        StringBuilder out = new StringBuilder("# Settings\n\n");
        out.append("Later sources win: default, file, environment variable, `--set key=value`.\n");
        for (SettingsGroup group : registry.groups()) {
            out.append("\n## ")
                    .append(group.name())
                    .append("\n\n")
                    .append(group.doc())
                    .append("\n\n");
            out.append("| key | default | type | variable | meaning |\n|---|---|---|---|---|\n");
            for (Setting<?> setting : group.settings()) {
                out.append("| `").append(setting.key());
                out.append("` | `").append(cell(Described.fallback(setting)));
                out.append("` | ").append(cell(Described.type(setting)));
                out.append(" | `").append(setting.environmentName());
                out.append("` | ").append(cell(setting.doc())).append(" |\n");
            }
        }
        registry.sections().forEach((name, doc) -> out.append("\n## ")
                .append(name)
                .append("\n\nA section of the file. ")
                .append(doc)
                .append('\n'));
        return out.toString();
    }

    private static String cell(String text) {
        return text.isEmpty() ? " " : text.replace("|", "\\|");
    }
}
