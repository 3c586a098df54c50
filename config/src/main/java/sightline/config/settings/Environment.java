package sightline.config.settings;

import java.util.Locale;

/** How a key is written as the name of an environment variable. */
final class Environment {

    static final String PREFIX = "SIGHTLINE_";

    private Environment() {}

    static String nameOf(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
