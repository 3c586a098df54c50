package sightline.config.settings;

import java.util.Optional;

/**
 * The least and the most that a value may be, both included; null where there is none.
 *
 * @param <T> type of the value
 */
record Bounds<T>(T least, T most) {

    static <T> Bounds<T> none() {
        return new Bounds<>(null, null);
    }

    static <T> Bounds<T> within(T least, T most) {
        ordered(least);
        return new Bounds<>(least, most);
    }

    static <T> Bounds<T> atLeast(T least) {
        ordered(least);
        return new Bounds<>(least, null);
    }

    /** Why the value may not be, as the rest of a sentence. */
    Optional<String> refusal(T value, Kind<T> kind) {
        if (least != null && compare(value, least) < 0) {
            return Optional.of("is less than " + kind.format(least) + ", allowed is " + words(kind));
        }
        if (most != null && compare(value, most) > 0) {
            return Optional.of("is more than " + kind.format(most) + ", allowed is " + words(kind));
        }
        return Optional.empty();
    }

    String words(Kind<T> kind) {
        if (least == null) {
            return "";
        }
        return most == null ? "at least " + kind.format(least) : kind.format(least) + " to " + kind.format(most);
    }

    private static void ordered(Object value) {
        if (!(value instanceof Comparable<?>)) {
            throw new IllegalArgumentException("values of " + value.getClass().getSimpleName() + " have no order");
        }
    }

    @SuppressWarnings("unchecked") // The factories refuse what cannot be compared with its own type.
    private static <T> int compare(T left, T right) {
        return ((Comparable<T>) left).compareTo(right);
    }
}
