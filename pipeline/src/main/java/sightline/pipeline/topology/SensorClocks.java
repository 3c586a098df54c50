package sightline.pipeline.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sightline.config.domain.ObservationTime;
import sightline.config.domain.Origin;
import sightline.config.time.Stamp.Verdict;
import sightline.config.time.StampGuard;
import sightline.config.time.StampRules;
import sightline.pipeline.metrics.StampCount;

/**
 * What a stage believes of its sensors' clocks: one guard a sensor, whoever wrote its records. What our own edge stamped
 * passes untouched; a stranger's clock that is unset, jumps or stands still is mended here and counted.
 *
 * <p>A stamp is judged against the time at which the record says that it was received, so the outcome does not depend on
 * how fast this stage works off what has piled up. The times of a replay are its content and are left alone.
 *
 * <p>Threading: observations of one sensor come from one thread at a time; counts may be read by any. Bounded by the
 * roster: who calls makes sure that the sensor is in it.
 */
final class SensorClocks {
    private static final Logger LOG = LoggerFactory.getLogger(SensorClocks.class);

    private final String stage;
    private final StampRules rules;
    private final Map<String, StampGuard> guards = new ConcurrentHashMap<>();
    /** Sensors of which the log knows; once is enough, the rest is counted. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    SensorClocks(String stage, StampRules rules) {
        this.stage = stage;
        this.rules = rules;
    }

    /**
     * The time to go by.
     *
     * @param nowNanos when the record arrived, for one that does not say when it was received
     */
    ObservationTime mended(String sensor, Origin origin, ObservationTime said, long nowNanos) {
        if (origin == Origin.REPLAY) {
            return said;
        }
        StampGuard guard = guards.computeIfAbsent(sensor, s -> new StampGuard(rules));
        long received = said.receivedNanos() == 0 ? nowNanos : said.receivedNanos();
        ObservationTime mended = Stamping.mended(guard, said, received);
        long off = (said.exposureNanos() - mended.exposureNanos()) / 1_000_000;
        if (off != 0 && told.add(sensor)) {
            LOG.warn("{}: the clock of {} is off by {} ms; such stamps are mended and counted", stage, sensor, off);
        }
        return mended;
    }

    /** How many stamps of which sensor were not taken as they came, and why. */
    List<StampCount> counts() {
        List<StampCount> out = new ArrayList<>();
        guards.forEach((sensor, guard) -> {
            for (Verdict verdict : Verdict.values()) {
                long count = guard.count(verdict);
                if (verdict != Verdict.IN_ORDER && count > 0) {
                    out.add(new StampCount(sensor, stage, verdict, count));
                }
            }
        });
        return out;
    }
}
