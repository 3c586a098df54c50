package sightline.pipeline.cli.tail;

import java.util.Locale;
import sightline.config.domain.FrameHeader;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.time.Instants;
import sightline.sensors.kafka.Inbound;

/** A record as one line: exposure time, place in Kafka, key, what it says. */
final class Line {

    private Line() {}

    static String of(Inbound record, Decoded decoded) {
        String where = record.topic() + "[" + record.partition() + "]@" + record.offset();
        return switch (decoded) {
            case Decoded.Picture p ->
                head(p.header().time().exposureNanos(), where, record.key())
                        + frame(p.header())
                        + String.format(
                                Locale.ROOT,
                                " %dx%d, %s, %s",
                                p.header().width(),
                                p.header().height(),
                                p.contentType(),
                                p.dataref().orElse(size(p.bytes())));
            case Decoded.Heartbeat h ->
                head(h.header().time().exposureNanos(), where, record.key()) + frame(h.header()) + " heartbeat";
            case Decoded.Message m ->
                head(Says.exposure(m.value()).orElse(record.timestampMillis() * 1_000_000), where, record.key())
                        + Says.what(m.value());
            case Decoded.Tombstone t -> head(record, where) + "ended";
            case Decoded.Buried b ->
                head(record, where)
                        + String.format(
                                Locale.ROOT,
                                "from %s[%d]@%d, in %s: %s (%s)",
                                b.why().topic(),
                                b.why().partition(),
                                b.why().offset(),
                                b.why().stage(),
                                b.why().message(),
                                size(b.bytes()));
            case Decoded.Malformed m ->
                head(record, where) + String.format(Locale.ROOT, "malformed: %s (%s)", m.reason(), size(m.bytes()));
        };
    }

    private static String head(Inbound record, String where) {
        return head(record.timestampMillis() * 1_000_000, where, record.key());
    }

    private static String head(long exposureNanos, String where, String key) {
        return String.format(
                Locale.ROOT, "%-30s  %-28s  %s  ", Instants.format(exposureNanos), where, key.isEmpty() ? "-" : key);
    }

    private static String frame(FrameHeader header) {
        return "#" + header.sequence() + origin(header.origin()) + clock(header.time());
    }

    static String origin(Origin origin) {
        return origin == Origin.LIVE ? "" : " " + origin;
    }

    /** How well the exposure time is known, and how long after it the record was made. */
    static String clock(ObservationTime time) {
        String known = String.format(Locale.ROOT, " ±%.1f ms (%s)", time.sigmaNanos() / 1e6, time.clockId());
        return time.receivedNanos() == 0
                ? known
                : known
                        + String.format(
                                Locale.ROOT, " received %+.1f ms", (time.receivedNanos() - time.exposureNanos()) / 1e6);
    }

    static String size(int bytes) {
        return bytes < 10_000 ? bytes + " B" : String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
    }
}
