package sightline.config.settings;

import java.util.List;

/**
 * How values of a type are read and written.
 *
 * @param <T> the type
 */
interface Kind<T> {

    /** What people call it: {@code duration}, {@code size}, {@code one of fp16, fp32}. */
    String name();

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException whose message completes "VALUE is not …"
     */
    T parse(String text);

    /** Writes a value so that {@link #parse} and YAML both read it back. */
    String format(T value);

    /** Whether the value is a list, which YAML writes as a sequence. */
    default boolean isList() {
        return false;
    }

    /** Reads the items of a sequence; only for lists. */
    default T parseAll(List<String> items) {
        throw new IllegalArgumentException("a list");
    }
}
