package sightline.config.settings;

/** A setting's type, bounds and unit in words. */
final class Described {

    private Described() {}

    static String type(Setting<?> setting) {
        StringBuilder out = new StringBuilder(setting.type());
        if (!setting.range().isEmpty()) {
            out.append(", ").append(setting.range());
        }
        if (!setting.unit().isEmpty()) {
            out.append(", in ").append(setting.unit());
        }
        return out.toString();
    }

    static <T> String fallback(Setting<T> setting) {
        return setting.format(setting.fallback());
    }
}
