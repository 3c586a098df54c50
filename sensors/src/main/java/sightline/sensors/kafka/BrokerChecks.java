package sightline.sensors.kafka;

import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;

/** Limits of a broker against what the largest record needs. */
final class BrokerChecks {
    private BrokerChecks() {}

    static void check(String broker, Config config, long largestRecord, List<Finding> findings) {
        // Followers take an oversized first batch anyway, so this only costs throughput; the request limit is hard.
        atLeast(
                broker,
                config,
                "replica.fetch.max.bytes",
                largestRecord,
                false,
                "replicas fetch one batch at a time",
                findings);
        atLeast(
                broker,
                config,
                "socket.request.max.bytes",
                2 * largestRecord,
                true,
                "a producer that sends a large frame is cut off",
                findings);
    }

    private static void atLeast(
            String broker,
            Config config,
            String setting,
            long needed,
            boolean blocking,
            String why,
            List<Finding> findings) {
        ConfigEntry entry = config.get(setting);
        if (entry == null || entry.value() == null || Long.parseLong(entry.value()) >= needed) {
            return;
        }
        findings.add(new Finding(
                blocking,
                String.format(
                        Locale.ROOT,
                        "Raise %s of broker %s from %s to at least %d in its properties and restart it: below that %s.",
                        setting,
                        broker,
                        entry.value(),
                        needed,
                        why)));
    }
}
