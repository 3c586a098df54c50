package sightline.sensors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Properties that all our clients share. */
final class Clients {
    private static final long RESOLVE_MILLIS = Duration.ofDays(365).toMillis();

    private Clients() {}

    /**
     * A broker that returns is found within half a second, and one whose name is not known yet is waited for, as
     * containers start in any order. Client metrics are neither pushed to the cluster nor
     * registered with JMX: ours come from the pipeline's own registry, and sources come and go.
     */
    static Map<String, Object> common(String bootstrapServers, String clientId) {
        Map<String, Object> p = new HashMap<>();
        p.put("bootstrap.servers", bootstrapServers);
        p.put("client.id", clientId);
        p.put("reconnect.backoff.ms", 50);
        p.put("reconnect.backoff.max.ms", 500);
        p.put("retry.backoff.ms", 50);
        p.put("retry.backoff.max.ms", 500);
        p.put("bootstrap.resolve.timeout.ms", RESOLVE_MILLIS);
        p.put("enable.metrics.push", false);
        p.put("metric.reporters", "");
        return p;
    }
}
