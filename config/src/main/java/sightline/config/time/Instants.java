package sightline.config.time;

import java.time.Instant;

/** Conversions between int64 nanoseconds since the epoch and {@link Instant}. Pure functions, exact both ways. */
public final class Instants {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Instants() {}

    /**
     * Nanoseconds since the epoch.
     *
     * @throws ArithmeticException outside the years 1677 to 2262
     */
    public static long toNanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
    }

    /** The instant of a count of nanoseconds since the epoch. */
    public static Instant ofNanos(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    /** RFC 3339 in UTC with as many digits as needed, as the {@code ce_time} header carries it. */
    public static String format(long nanos) {
        return ofNanos(nanos).toString();
    }

    /**
     * Reads what {@link #format} wrote.
     *
     * @throws java.time.format.DateTimeParseException where the text is no RFC 3339 instant in UTC
     */
    public static long parse(String rfc3339) {
        return toNanos(Instant.parse(rfc3339));
    }
}
