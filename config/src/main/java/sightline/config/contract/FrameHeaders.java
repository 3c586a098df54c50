package sightline.config.contract;

import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.time.Instants;

/**
 * The metadata of {@code frame.camera.v1}, which travels in headers so that the value can be the picture itself:
 * CloudEvents 1.0 in binary mode, W3C trace context, and our own where these have no name for it.
 *
 * <p>Needed to read: type, time, sequence, epoch, origin and the clock with its sigma. What else is missing is taken
 * as not known. The camera is the record's key. Stateless and thread-safe.
 */
public final class FrameHeaders {

    private static final String SOURCE_PREFIX = "/sensors/";

    private FrameHeaders() {}

    /** The headers of a picture. */
    public static Map<String, String> frame(FrameHeader header, String contentType) {
        Map<String, String> headers = common(header, Headers.TYPE_FRAME);
        headers.put(Headers.CONTENT_TYPE, contentType);
        headers.put(Headers.WIDTH, Integer.toString(header.width()));
        headers.put(Headers.HEIGHT, Integer.toString(header.height()));
        return headers;
    }

    /** The headers of a heartbeat: nothing new, and time is now this. Its value is empty but not null. */
    public static Map<String, String> heartbeat(FrameHeader header) {
        Map<String, String> headers = common(header, Headers.TYPE_HEARTBEAT);
        // It repeats the number of the newest observation, so its time tells it from the next one.
        headers.put(Headers.CE_ID, header.id() + "/" + header.time().exposureNanos());
        return headers;
    }

    /** Whether a record with these headers is a heartbeat. */
    public static boolean isHeartbeat(Function<String, Optional<String>> headers) {
        return headers.apply(Headers.CE_TYPE)
                .filter(Headers.TYPE_HEARTBEAT::equals)
                .isPresent();
    }

    /**
     * Reads a frame's or heartbeat's headers.
     *
     * @param camera the record's key
     * @param headers finds a header by name
     * @throws MalformedRecordException naming the header that is missing or unreadable
     */
    public static FrameHeader read(String camera, Function<String, Optional<String>> headers) {
        if (camera.isEmpty()) {
            throw new MalformedRecordException("a frame's key is its camera, this one has none");
        }
        String type = need(headers, Headers.CE_TYPE);
        if (!type.equals(Headers.TYPE_FRAME) && !type.equals(Headers.TYPE_HEARTBEAT)) {
            throw new MalformedRecordException("ce_type is '" + type + "', neither a frame nor a heartbeat");
        }
        ObservationTime time = new ObservationTime(
                exposure(need(headers, Headers.CE_TIME)),
                atLeast(0, number(headers, Headers.CLOCK_SIGMA), Headers.CLOCK_SIGMA),
                need(headers, Headers.CLOCK_ID),
                headers.apply(Headers.RECEIVED).isPresent() ? number(headers, Headers.RECEIVED) : 0,
                0);
        return new FrameHeader(
                camera,
                number(headers, Headers.EPOCH),
                atLeast(0, number(headers, Headers.CE_SEQUENCE), Headers.CE_SEQUENCE),
                time,
                origin(need(headers, Headers.ORIGIN)),
                size(headers, Headers.WIDTH),
                size(headers, Headers.HEIGHT),
                headers.apply(Headers.CALIBRATION).orElse(""),
                headers.apply(Headers.TRACEPARENT).orElse(""));
    }

    private static Map<String, String> common(FrameHeader header, String type) {
        Map<String, String> headers = new TreeMap<>();
        headers.put(Headers.CE_SPECVERSION, "1.0");
        headers.put(Headers.CE_ID, header.id());
        headers.put(Headers.CE_SOURCE, SOURCE_PREFIX + header.camera());
        headers.put(Headers.CE_TYPE, type);
        headers.put(Headers.CE_TIME, Instants.format(header.time().exposureNanos()));
        headers.put(Headers.CE_SEQUENCE, Long.toString(header.sequence()));
        headers.put(Headers.EPOCH, Long.toString(header.epoch()));
        headers.put(Headers.CLOCK_ID, header.time().clockId());
        headers.put(Headers.CLOCK_SIGMA, Long.toString(header.time().sigmaNanos()));
        headers.put(Headers.ORIGIN, header.origin().name());
        headers.put(Headers.SCHEMA, Integer.toString(Codecs.SCHEMA_VERSION));
        if (header.time().receivedNanos() != 0) {
            headers.put(Headers.RECEIVED, Long.toString(header.time().receivedNanos()));
        }
        if (!header.calibration().isEmpty()) {
            headers.put(Headers.CALIBRATION, header.calibration());
        }
        if (!header.trace().isEmpty()) {
            headers.put(Headers.TRACEPARENT, header.trace());
        }
        return headers;
    }

    private static String need(Function<String, Optional<String>> headers, String name) {
        return headers.apply(name)
                .orElseThrow(() -> new MalformedRecordException("a frame without the header " + name));
    }

    private static long number(Function<String, Optional<String>> headers, String name) {
        String text = need(headers, name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedRecordException(name + " is '" + text + "', not a whole number", e);
        }
    }

    private static long atLeast(long least, long value, String name) {
        if (value < least) {
            throw new MalformedRecordException(name + " is " + value + ", less than " + least);
        }
        return value;
    }

    private static int size(Function<String, Optional<String>> headers, String name) {
        if (headers.apply(name).isEmpty()) {
            return 0;
        }
        long value = atLeast(0, number(headers, name), name);
        if (value > Integer.MAX_VALUE) {
            throw new MalformedRecordException(name + " is " + value + ", more than a picture can have");
        }
        return (int) value;
    }

    private static long exposure(String text) {
        try {
            return Instants.parse(text);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new MalformedRecordException("ce_time is '" + text + "', not an RFC 3339 time in UTC", e);
        }
    }

    private static Origin origin(String text) {
        for (Origin origin : Origin.values()) {
            if (origin.name().equals(text)) {
                return origin;
            }
        }
        throw new MalformedRecordException("x-origin is '" + text + "', which this version does not know");
    }
}
