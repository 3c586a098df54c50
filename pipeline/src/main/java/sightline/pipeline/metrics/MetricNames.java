package sightline.pipeline.metrics;

import java.util.List;

/** Every metric of our own: its name as scraped, its kind, its labels and what it says. A test holds the scrape to it. */
public enum MetricNames {
    FRAMES("sightline_frames_total", Kind.COUNTER, "frames by what became of them", "camera", "stage", "disposition"),
    FRAMES_RECEIVED("sightline_frames_received_total", Kind.COUNTER, "frames booked into a stage", "camera", "stage"),
    FRAMES_REDELIVERED(
            "sightline_frames_redelivered_total", Kind.COUNTER, "frames that came a second time", "camera", "stage"),
    FRAMES_IN_FLIGHT("sightline_frames_in_flight", Kind.GAUGE, "frames that a stage works on", "camera", "stage"),
    FRAMES_UNACCOUNTED(
            "sightline_frames_unaccounted",
            Kind.GAUGE,
            "frames whose fate nobody can tell; held at 0",
            "camera",
            "stage"),
    STAGE_LATENCY(
            "sightline_stage_latency_seconds",
            Kind.HISTOGRAM,
            "time that a stage takes, or that passes up to it",
            "stage"),
    EVENTS(
            "sightline_events_total",
            Kind.COUNTER,
            "events by kind, certainty and origin",
            "kind",
            "certainty",
            "origin"),
    TRACKS("sightline_tracks", Kind.GAUGE, "fused tracks of the newest tick", "phase"),
    STAMPS_MENDED(
            "sightline_stamps_out_of_order_total",
            Kind.COUNTER,
            "exposure times that were late, or mended because the sensor's clock could not be believed",
            "sensor",
            "stage",
            "verdict"),
    SENSOR_RATE("sightline_sensor_rate_hertz", Kind.GAUGE, "observations a second of a sensor", "sensor"),
    SENSOR_LIVE("sightline_sensor_live", Kind.GAUGE, "1 while the sensor's supervisor has it live", "sensor"),
    LAG_SECONDS(
            "sightline_consumer_lag_seconds", Kind.GAUGE, "age of the oldest record not taken", "topic", "consumer"),
    LAG_RECORDS("sightline_consumer_lag_records", Kind.GAUGE, "records not taken", "topic", "consumer"),
    MEMORY_USED("sightline_memory_used_bytes", Kind.GAUGE, "memory in use by owner", "what", "kind"),
    MEMORY_LIMIT("sightline_memory_limit_bytes", Kind.GAUGE, "memory budget by owner", "what", "kind"),
    PAGES("sightline_pages", Kind.GAUGE, "dashboard pages that are open"),
    PAGES_DISCONNECTED(
            "sightline_pages_disconnected_total", Kind.COUNTER, "pages that were disconnected for being slow or dead");

    /** What Prometheus takes it for. */
    public enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    private final String scraped;
    private final Kind kind;
    private final String help;
    private final List<String> labels;

    MetricNames(String scraped, Kind kind, String help, String... labels) {
        this.scraped = scraped;
        this.kind = kind;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** The name that a scrape shows, without {@code _bucket}, {@code _sum} and {@code _count}. */
    public String scraped() {
        return scraped;
    }

    public Kind kind() {
        return kind;
    }

    public String help() {
        return help;
    }

    public List<String> labels() {
        return labels;
    }

    /** The name that Micrometer takes: it adds the unit's and the counter's endings itself. */
    String meter() {
        String name = kind == Kind.COUNTER ? scraped.substring(0, scraped.length() - "_total".length()) : scraped;
        return kind == Kind.HISTOGRAM ? name.substring(0, name.length() - "_seconds".length()) : name;
    }
}
