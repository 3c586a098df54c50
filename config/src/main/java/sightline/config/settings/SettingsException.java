package sightline.config.settings;

import java.util.List;

/** Settings that cannot be used. The message has one line for each problem; nothing has been started. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each: place, key, value, what is wrong, and the nearest valid key where the key is unknown. */
    public List<String> problems() {
        return problems;
    }
}
