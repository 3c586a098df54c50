package sightline.pipeline.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import sightline.config.ledger.LedgerRow;

/** The ledger as counters. The ledger counts for itself; its totals are taken over before each scrape. */
final class LedgerMeters {
    private final PrometheusMeterRegistry registry;
    private final Map<String, AtomicLong> totals = new ConcurrentHashMap<>();
    private final MultiGauge inFlight;
    private final MultiGauge unaccounted;

    LedgerMeters(PrometheusMeterRegistry registry) {
        this.registry = registry;
        inFlight = gauge(MetricNames.FRAMES_IN_FLIGHT);
        unaccounted = gauge(MetricNames.FRAMES_UNACCOUNTED);
    }

    private MultiGauge gauge(MetricNames name) {
        return MultiGauge.builder(name.meter()).description(name.help()).register(registry);
    }

    void publish(List<LedgerRow> rows) {
        for (LedgerRow row : rows) {
            total(MetricNames.FRAMES_RECEIVED, row, "", row.received());
            total(MetricNames.FRAMES_REDELIVERED, row, "", row.redelivered());
            total(MetricNames.FRAMES, row, "done", row.done());
            total(MetricNames.FRAMES, row, "superseded", row.superseded());
            total(MetricNames.FRAMES, row, "stale", row.stale());
            total(MetricNames.FRAMES, row, "invalid", row.invalid());
            total(MetricNames.FRAMES, row, "failed", row.failed());
        }
        register(inFlight, rows, LedgerRow::inFlight);
        register(unaccounted, rows, LedgerRow::unaccounted);
    }

    private void total(MetricNames name, LedgerRow row, String disposition, long value) {
        totals.computeIfAbsent(name + "|" + row.camera() + "|" + row.stage() + "|" + disposition, key -> {
                    var total = new AtomicLong();
                    Tags tags = tags(row);
                    FunctionCounter.builder(name.meter(), total, AtomicLong::doubleValue)
                            .description(name.help())
                            .tags(disposition.isEmpty() ? tags : tags.and("disposition", disposition))
                            .register(registry);
                    return total;
                })
                .set(value);
    }

    private static void register(MultiGauge gauge, List<LedgerRow> rows, ToDoubleFunction<LedgerRow> value) {
        gauge.register(
                rows.stream()
                        .map(row -> MultiGauge.Row.of(tags(row), value.applyAsDouble(row)))
                        .toList(),
                true);
    }

    private static Tags tags(LedgerRow row) {
        return Tags.of("camera", row.camera(), "stage", row.stage());
    }
}
