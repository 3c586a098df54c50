package sightline.config.settings;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types that a setting can have. */
final class Kinds {

    static final Kind<Boolean> BOOLEAN = of("true or false", Kinds::parseBoolean, Object::toString);
    static final Kind<Integer> INTEGER = of("whole number", text -> Integer.valueOf(digits(text)), Object::toString);
    static final Kind<Long> LONG = of("whole number", text -> Long.valueOf(digits(text)), Object::toString);
    static final Kind<Double> DOUBLE = of("number", Kinds::parseDouble, Object::toString);
    static final Kind<String> TEXT = of("text", text -> text, text -> text);
    static final Kind<Path> PATH = of("path", Path::of, Path::toString);
    static final Kind<List<String>> LIST = new ListKind();

    private Kinds() {}

    /** One of the constants of an enumeration, in lower case with dashes. */
    static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        String name = "one of " + constants.stream().map(Kinds::dashed).collect(Collectors.joining(", "));
        return of(
                name,
                text -> constants.stream()
                        .filter(constant -> dashed(constant).equals(text.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(name)),
                Kinds::dashed);
    }

    static <T> Kind<T> of(String name, Function<String, T> parse, Function<T, String> format) {
        return new Kind<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public T parse(String text) {
                try {
                    return parse.apply(text.strip());
                } catch (IllegalArgumentException | ArithmeticException e) {
                    throw new IllegalArgumentException(
                            name.startsWith("one of") || name.startsWith("true") ? name : "a " + name, e);
                }
            }

            @Override
            public String format(T value) {
                return format.apply(value);
            }
        };
    }

    private static String dashed(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Boolean parseBoolean(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Double parseDouble(String text) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static String digits(String text) {
        return text.replace("_", "");
    }

    /** Text items; on one line they are separated by commas. */
    private static final class ListKind implements Kind<List<String>> {

        @Override
        public String name() {
            return "list of text";
        }

        @Override
        public List<String> parse(String text) {
            return text.isBlank()
                    ? List.of()
                    : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        }

        @Override
        public String format(List<String> value) {
            return String.join(",", value);
        }

        @Override
        public boolean isList() {
            return true;
        }

        @Override
        public List<String> parseAll(List<String> items) {
            return List.copyOf(items);
        }
    }
}
