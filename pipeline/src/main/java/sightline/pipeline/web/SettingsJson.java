package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Set;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;

/** Every key with its value, where that was said, and what it means. Secrets are not told. */
final class SettingsJson {
    private static final Set<String> SECRETS = Set.of(WebKeys.TOKEN.key());

    private SettingsJson() {}

    static Buffer encode(Settings settings) {
        return Json.object(
                json -> json.list("groups", settings.registry().groups(), (g, group) -> g.put("name", group.name())
                        .put("doc", group.doc())
                        .list("settings", group.settings(), (s, setting) -> line(s, settings, setting))));
    }

    private static <T> void line(Json json, Settings settings, Setting<T> setting) throws IOException {
        String value = setting.format(settings.get(setting));
        boolean secret = SECRETS.contains(setting.key()) && !value.isEmpty();
        json.put("key", setting.key())
                .put("value", secret ? "(secret)" : value)
                .put("fallback", setting.format(setting.fallback()))
                .put("type", setting.type())
                .put("range", setting.range())
                .put("unit", setting.unit())
                .put("variable", setting.environmentName())
                .put("place", settings.place(setting))
                .put("doc", setting.doc());
    }
}
