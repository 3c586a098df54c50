package sightline.config.settings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as people write them: {@code 64KiB}, {@code 8MiB}, {@code 2GiB}, {@code 512} (bytes). */
final class Sizes {

    static final Kind<Long> KIND = Kinds.of("size (as in 64KiB, 8MiB, 2GiB)", Sizes::parse, Sizes::format);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(B|KiB|MiB|GiB|TiB)?");
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Sizes() {}

    static long parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(text);
        }
        long scale = 1;
        for (String unit : UNITS) {
            if (form.group(2) == null || unit.equals(form.group(2))) {
                return Math.multiplyExact(Long.parseLong(form.group(1)), scale);
            }
            scale <<= 10;
        }
        throw new IllegalArgumentException(text);
    }

    /** Exactly, in the largest unit that needs no fraction. */
    static String format(long bytes) {
        int unit = 0;
        long left = bytes;
        while (left != 0 && left % 1024 == 0 && unit < UNITS.length - 1) {
            left /= 1024;
            unit++;
        }
        return left + UNITS[unit];
    }

    /** For people: three digits or so, in a unit that suits. */
    static String rounded(long bytes) {
        double left = bytes;
        int unit = 0;
        while (left >= 1024 && unit < UNITS.length - 1) {
            left /= 1024;
            unit++;
        }
        String form = unit == 0 || left >= 100 ? "%.0f %s" : "%.1f %s";
        return String.format(Locale.ROOT, form, left, UNITS[unit]);
    }
}
