package sightline.config.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/**
 * One key: its type, default, bounds, unit and meaning. Immutable; each of the describing methods returns another
 * setting with the same key.
 *
 * @param <T> type of the value
 */
public final class Setting<T> {

    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+");

    private final String key;
    private final Kind<T> kind;
    private final T fallback;
    private final Bounds<T> bounds;
    private final String unit;
    private final String doc;
    private final Optional<Holding> holding;

    /** What memory a bound allows: a name for it, and how much. */
    record Holding(String what, ToLongFunction<Settings> bytes) {}

    private Setting(
            String key,
            Kind<T> kind,
            T fallback,
            Bounds<T> bounds,
            String unit,
            String doc,
            Optional<Holding> holding) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "'" + key + "' is not a key: lower-case words with dashes, at least two of them joined by dots");
        }
        bounds.refusal(fallback, kind).ifPresent(refusal -> {
            throw new IllegalArgumentException("the default of " + key + ", " + kind.format(fallback) + ", " + refusal);
        });
        this.key = key;
        this.kind = kind;
        this.fallback = fallback;
        this.bounds = bounds;
        this.unit = unit;
        this.doc = doc;
        this.holding = holding;
    }

    public static Setting<Boolean> flag(String key, boolean fallback) {
        return of(key, Kinds.BOOLEAN, fallback);
    }

    public static Setting<Integer> integer(String key, int fallback) {
        return of(key, Kinds.INTEGER, fallback);
    }

    public static Setting<Long> whole(String key, long fallback) {
        return of(key, Kinds.LONG, fallback);
    }

    public static Setting<Double> number(String key, double fallback) {
        return of(key, Kinds.DOUBLE, fallback);
    }

    public static Setting<String> text(String key, String fallback) {
        return of(key, Kinds.TEXT, fallback);
    }

    public static Setting<Path> path(String key, Path fallback) {
        return of(key, Kinds.PATH, fallback);
    }

    public static Setting<List<String>> list(String key, List<String> fallback) {
        return of(key, Kinds.LIST, List.copyOf(fallback));
    }

    public static Setting<Duration> duration(String key, Duration fallback) {
        return of(key, Durations.KIND, fallback);
    }

    /** An amount of memory or storage, in bytes. */
    public static Setting<Long> size(String key, long fallback) {
        return of(key, Sizes.KIND, fallback);
    }

    public static <E extends Enum<E>> Setting<E> choice(String key, E fallback) {
        return of(key, Kinds.choice(fallback.getDeclaringClass()), fallback);
    }

    private static <T> Setting<T> of(String key, Kind<T> kind, T fallback) {
        return new Setting<>(key, kind, fallback, Bounds.none(), "", "", Optional.empty());
    }

    /** Values from least to most, both included; only for types that have an order. */
    public Setting<T> within(T least, T most) {
        return new Setting<>(key, kind, fallback, Bounds.within(least, most), unit, doc, holding);
    }

    /** Values of at least this; only for types that have an order. */
    public Setting<T> atLeast(T least) {
        return new Setting<>(key, kind, fallback, Bounds.atLeast(least), unit, doc, holding);
    }

    /** What one of it is: {@code frames}, {@code m}, {@code rad}. Durations and sizes carry theirs in the value. */
    public Setting<T> unit(String name) {
        return new Setting<>(key, kind, fallback, bounds, name, doc, holding);
    }

    /** What it does, in a sentence or two. */
    public Setting<T> doc(String sentence) {
        return new Setting<>(key, kind, fallback, bounds, unit, sentence, holding);
    }

    /**
     * Says what memory this bound allows, for the {@link MemoryBudget}.
     *
     * @param what is held: {@code decoded frames}
     * @param bytes how many bytes at most, given all settings
     */
    public Setting<T> holds(String what, ToLongFunction<Settings> bytes) {
        return new Setting<>(key, kind, fallback, bounds, unit, doc, Optional.of(new Holding(what, bytes)));
    }

    public String key() {
        return key;
    }

    public T fallback() {
        return fallback;
    }

    public String unit() {
        return unit;
    }

    public String doc() {
        return doc;
    }

    /** The type in words. */
    public String type() {
        return kind.name();
    }

    /** The bounds in words, empty where there are none. */
    public String range() {
        return bounds.words(kind);
    }

    /** A value as a file or command line would write it. */
    public String format(T value) {
        return kind.format(value);
    }

    /** The variable that overrides it: {@code fusion.late-window} becomes {@code SIGHTLINE_FUSION_LATE_WINDOW}. */
    public String environmentName() {
        return Environment.nameOf(key);
    }

    /**
     * Reads a value and holds it against the bounds.
     *
     * @throws IllegalArgumentException with the rest of a sentence that begins with key and value
     */
    T read(String text) {
        T value;
        try {
            value = kind.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not " + e.getMessage(), e);
        }
        return held(value);
    }

    T readAll(List<String> items) {
        if (!kind.isList()) {
            throw new IllegalArgumentException("is a list, where one value belongs");
        }
        return held(kind.parseAll(items));
    }

    boolean isList() {
        return kind.isList();
    }

    Optional<Holding> holding() {
        return holding;
    }

    private T held(T value) {
        bounds.refusal(value, kind).ifPresent(refusal -> {
            throw new IllegalArgumentException(refusal);
        });
        return value;
    }

    @Override
    public String toString() {
        return key;
    }
}
