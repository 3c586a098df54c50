package sightline.config.settings;

/** The documentation of all keys, rendered from the registry. Pure functions. */
public final class Reference {

    private Reference() {}

    /** A YAML file with every key at its default, commented. Loading it gives the defaults. */
    public static String yaml(SettingsRegistry registry) {
        return new YamlReference(registry).render();
    }

    /** A page in Markdown, one table a group. */
    public static String markdown(SettingsRegistry registry) {
        return new MarkdownReference(registry).render();
    }

    /** A fragment of HTML for the dashboard, one table a group, everything escaped. */
    public static String html(SettingsRegistry registry) {
        return new HtmlReference(registry).render();
    }

    /**
     * Text for a terminal.
     *
     * @param prefix only keys that start with it; empty for all
     */
    public static String help(SettingsRegistry registry, String prefix) {
        return new HelpReference(registry, prefix).render();
    }
}
