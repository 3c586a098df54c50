package sightline.config.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A mapping in a YAML file, and where it stands. Whatever does not fit is refused by an IllegalArgumentException that names
 * the place in the file's own words.
 *
 * @param place from the file's name on, for messages
 * @param values as the parser gives them
 */
public record YamlPart(String place, Map<?, ?> values) {
    public YamlPart(String place, Object value) {
        this(place, asMap(place, value));
    }

    /** A whole file. @throws IllegalArgumentException if it is no YAML or no mapping */
    public static YamlPart read(Path file) throws IOException {
        String text = Files.readString(file);
        String name = file.getFileName().toString();
        try {
            return new YamlPart(
                    name, new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(text));
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(file + " is no YAML: " + e.getMessage(), e);
        }
    }

    private static Map<?, ?> asMap(String place, Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(place + " is no mapping");
    }

    public IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(place + " " + what);
    }

    public void knows(String... keys) {
        for (Object key : values.keySet()) {
            if (!List.of(keys).contains(String.valueOf(key))) {
                throw wrong("has '" + key + "', which is none of " + new TreeSet<>(List.of(keys)));
            }
        }
    }

    public boolean has(String key) {
        return values.get(key) != null;
    }

    public String text(String key) {
        return Optional.ofNullable(values.get(key)).map(String::valueOf).orElseThrow(() -> wrong("has no " + key));
    }

    public List<String> texts(String key) {
        return list(key).stream().map(String::valueOf).toList();
    }

    public double number(String key) {
        if (values.get(key) instanceof Number n && Double.isFinite(n.doubleValue())) {
            return n.doubleValue();
        }
        throw wrong("needs a finite number for " + key + ", not " + values.get(key));
    }

    public double number(String key, double absent) {
        return has(key) ? number(key) : absent;
    }

    public double[] numbers(String key, int count) {
        double[] numbers = numbers(place + "." + key, list(key));
        if (numbers.length != count) {
            throw wrong("needs " + count + " numbers for " + key + ", not " + numbers.length);
        }
        return numbers;
    }

    private static double[] numbers(String place, List<?> list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(list.get(i) instanceof Number n) || !Double.isFinite(n.doubleValue())) {
                throw new IllegalArgumentException(place + " has '" + list.get(i) + "' where a number belongs");
            }
            numbers[i] = n.doubleValue();
        }
        return numbers;
    }

    public List<GroundPoint> points(String key) {
        List<GroundPoint> points = new ArrayList<>();
        for (Object item : list(key)) {
            double[] at = item instanceof List<?> pair ? numbers(place + "." + key, pair) : new double[0];
            if (at.length != 2) {
                throw wrong("needs pairs of numbers for " + key + ", not " + item);
            }
            points.add(new GroundPoint(at[0], at[1]));
        }
        return points;
    }

    public <E extends Enum<E>> E oneOf(String key, Class<E> type) {
        String text = text(key).toUpperCase(Locale.ROOT).replace('-', '_');
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw wrong("has '" + text(key) + "' for " + key + ", which is none of "
                + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT));
    }

    public Optional<YamlPart> part(String key) {
        return Optional.ofNullable(values.get(key)).map(v -> new YamlPart(place + "." + key, v));
    }

    public List<YamlPart> parts(String key) {
        List<YamlPart> parts = new ArrayList<>();
        List<?> list = values.get(key) == null ? List.of() : list(key);
        for (int i = 0; i < list.size(); i++) {
            parts.add(new YamlPart(place + "." + key + "[" + i + "]", list.get(i)));
        }
        return parts;
    }

    private List<?> list(String key) {
        if (values.get(key) instanceof List<?> list) {
            return list;
        }
        throw wrong("needs a list for " + key);
    }
}
