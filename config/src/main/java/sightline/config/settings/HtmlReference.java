package sightline.config.settings;

/** A table of keys for each group, as a fragment of HTML. */
final class HtmlReference {

    private final SettingsRegistry registry;

    HtmlReference(SettingsRegistry registry) {
        this.registry = registry;
    }

    String render() {
        StringBuilder out = new StringBuilder();
        for (SettingsGroup group : registry.groups()) {
            out.append("<section id=\"settings-").append(escaped(group.name())).append("\">\n");
            out.append("<h2>").append(escaped(group.name())).append("</h2>\n");
            out.append("<p>").append(escaped(group.doc())).append("</p>\n");
            out.append("<table><thead><tr><th>key</th><th>default</th><th>type</th><th>variable</th>")
                    .append("<th>meaning</th></tr></thead><tbody>\n");
            for (Setting<?> setting : group.settings()) {
                out.append("<tr><td><code>").append(escaped(setting.key()));
                out.append("</code></td><td><code>").append(escaped(Described.fallback(setting)));
                out.append("</code></td><td>").append(escaped(Described.type(setting)));
                out.append("</td><td><code>").append(escaped(setting.environmentName()));
                out.append("</code></td><td>").append(escaped(setting.doc())).append("</td></tr>\n");
            }
            out.append("</tbody></table>\n</section>\n");
        }
        return out.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
