package sightline.config.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What all bounds together allow to be held in memory, at most.
 *
 * @param lines one for each setting that bounds memory
 */
public record MemoryBudget(List<Line> lines) {

    /**
     * One bound.
     *
     * @param key of the setting
     * @param value as a file would write it, with its unit
     * @param what is held
     * @param bytes at most
     */
    public record Line(String key, String value, String what, long bytes) {}

    public MemoryBudget {
        lines = List.copyOf(lines);
    }

    /** Adds up the bounds of all registered settings at their present values. */
    public static MemoryBudget of(Settings settings) {
        List<Line> lines = new ArrayList<>();
        for (Setting<?> setting : settings.registry().settings()) {
            setting.holding()
                    .ifPresent(holding -> lines.add(new Line(
                            setting.key(),
                            value(setting, settings),
                            holding.what(),
                            holding.bytes().applyAsLong(settings))));
        }
        return new MemoryBudget(lines);
    }

    /** The sum, in bytes. */
    public long total() {
        return lines.stream().mapToLong(Line::bytes).reduce(0, Math::addExact);
    }

    /** A table for the start of a program's log. */
    public String table() {
        StringBuilder out = new StringBuilder("Memory budget, at most:\n");
        int keys = lines.stream().mapToInt(line -> line.key().length()).max().orElse(0);
        int values =
                lines.stream().mapToInt(line -> line.value().length()).max().orElse(0);
        String form = "  %-" + Math.max(5, keys) + "s  %" + Math.max(1, values) + "s  %10s  %s%n";
        for (Line line : lines) {
            out.append(String.format(
                    Locale.ROOT, form, line.key(), line.value(), Sizes.rounded(line.bytes()), line.what()));
        }
        return out.append(String.format(Locale.ROOT, form, "total", "", Sizes.rounded(total()), ""))
                .toString();
    }

    private static <T> String value(Setting<T> setting, Settings settings) {
        String value = setting.format(settings.get(setting));
        return setting.unit().isEmpty() ? value : value + " " + setting.unit();
    }
}
