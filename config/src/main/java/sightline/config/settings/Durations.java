package sightline.config.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 250ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}, {@code 50us}. */
final class Durations {

    static final Kind<Duration> KIND =
            Kinds.of("duration (as in 250ms, 10s, 5m, 2h, 7d)", Durations::parse, Durations::format);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(ns|us|ms|s|m|h|d)");
    private static final long[] NANOS = {
        86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L, 1L
    };
    private static final String[] UNITS = {"d", "h", "m", "s", "ms", "us", "ns"};

    private Durations() {}

    static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(text);
        }
        long count = Long.parseLong(form.group(1));
        for (int i = 0; i < UNITS.length; i++) {
            if (UNITS[i].equals(form.group(2))) {
                return Duration.ofNanos(Math.multiplyExact(count, NANOS[i]));
            }
        }
        throw new IllegalArgumentException(text);
    }

    /** In the largest unit that needs no fraction. */
    static String format(Duration duration) {
        long nanos = duration.toNanos();
        for (int i = 0; i < UNITS.length; i++) {
            if (nanos != 0 && nanos % NANOS[i] == 0) {
                return nanos / NANOS[i] + UNITS[i];
            }
        }
        return nanos + "s";
    }
}
