package sightline.config.settings;

/** Keys and their meaning for a terminal, 100 columns wide. */
final class HelpReference {

    private static final int WIDTH = 100;
    private static final String INDENT = "      ";

    private final SettingsRegistry registry;
    private final String prefix;

    HelpReference(SettingsRegistry registry, String prefix) {
        this.registry = registry;
        this.prefix = prefix;
    }

    String render() {
        StringBuilder out = new StringBuilder();
        for (SettingsGroup group : registry.groups()) {
            boolean titled = false;
            for (Setting<?> setting : group.settings()) {
                if (!setting.key().startsWith(prefix)) {
                    continue;
                }
                if (!titled) {
                    out.append(group.name()).append(": ").append(group.doc()).append('\n');
                    titled = true;
                }
                out.append("  ").append(setting.key()).append('=').append(Described.fallback(setting));
                out.append("  (").append(Described.type(setting)).append(")\n");
                wrap(out, setting.doc());
            }
        }
        return out.toString();
    }

    private static void wrap(StringBuilder out, String text) {
        int column = 0;
        for (String word : text.split(" ", -1)) {
            if (column == 0 || column + 1 + word.length() > WIDTH) {
                out.append(column == 0 ? "" : "\n").append(INDENT).append(word);
                column = INDENT.length() + word.length();
            } else {
                out.append(' ').append(word);
                column += 1 + word.length();
            }
        }
        out.append('\n');
    }
}
