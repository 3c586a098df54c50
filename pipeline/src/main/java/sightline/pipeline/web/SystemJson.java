package sightline.pipeline.web;

import java.io.IOException;
import sightline.pipeline.metrics.StageLatency;

/** Figures of the system as the page takes them. */
final class SystemJson {
    private SystemJson() {}

    static void fields(Json json, SystemFacts facts) throws IOException {
        json.list("ledger", facts.ledger(), (row, r) -> row.put("camera", r.camera())
                        .put("stage", r.stage())
                        .put("received", r.received())
                        .put("inFlight", r.inFlight())
                        .put("done", r.done())
                        .put("superseded", r.superseded())
                        .put("stale", r.stale())
                        .put("invalid", r.invalid())
                        .put("failed", r.failed())
                        .put("redelivered", r.redelivered())
                        .put("lost", r.lost())
                        .put("unaccounted", r.unaccounted()))
                .list("latencies", facts.latencies(), SystemJson::latency)
                .list("lags", facts.lags(), (lag, l) -> lag.put("topic", l.topic())
                        .put("consumer", l.consumer())
                        .put("seconds", l.seconds(), 3)
                        .put("records", l.records()))
                .list("memory", facts.memory(), (line, m) -> line.put("what", m.what())
                        .put("kind", m.kind())
                        .put("used", m.used())
                        .put("limit", m.limit()))
                .list("models", facts.models(), (model, m) -> model.put("role", m.role())
                        .put("name", m.name())
                        .put("digest", m.digest())
                        .put("engine", m.engine())
                        .put("device", m.device()))
                .strings("notes", facts.notes());
    }

    static void latency(Json json, StageLatency latency) throws IOException {
        json.put("stage", latency.stage())
                .array("upper", a -> {
                    for (double bound : latency.upperSeconds()) {
                        a.add(bound, 6);
                    }
                })
                .array("counts", a -> {
                    for (long count : latency.counts()) {
                        a.add(count);
                    }
                })
                .put("p50", latency.p50Seconds(), 6)
                .put("p99", latency.p99Seconds(), 6);
    }
}
