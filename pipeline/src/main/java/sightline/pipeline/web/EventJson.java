package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import sightline.config.domain.Event;
import sightline.config.domain.SensorStatus;

/** Events, depictions and source states as the page takes them. */
final class EventJson {
    private EventJson() {}

    static Buffer event(Event event) {
        return Json.object(json -> fields(json.put("t", "event"), event));
    }

    static void fields(Json json, Event event) throws IOException {
        json.put("id", event.id())
                .put("rule", event.rule())
                .put("kind", event.kind().name())
                .put("zone", event.zone())
                .millis("time", event.timeNanos())
                .put("possibility", event.possibility(), 3)
                .put("necessity", event.necessity(), 3)
                .put("necessary", event.isNecessary())
                .put("alarm", event.origin().mayAlarm())
                .put("text", event.text())
                .put("origin", event.origin().name())
                .strings("evidence", event.evidence())
                .list("tracks", event.tracks(), (t, track) -> {
                    TrackJson.fields(t, track);
                    t.object("receipt", r -> TrackJson.receipt(r, track.receipt()));
                });
    }

    static Buffer depiction(Depiction depiction) {
        return Json.object(json -> fields(json.put("t", "depiction"), depiction));
    }

    static void fields(Json json, Depiction d) throws IOException {
        json.put("id", d.id())
                .put("event", d.event())
                .put("whatIf", d.whatIf())
                .put("image", d.image())
                .put("viewpoint", d.viewpoint())
                .put("depictor", d.depictor())
                .put("progress", d.progress(), 3)
                .put("verdict", d.verdict().name())
                .put("score", d.score(), 3)
                .put("reason", d.reason())
                .millis("time", d.timeNanos())
                .put("origin", d.origin().name());
    }

    static Buffer status(SensorStatus status) {
        return Json.object(json -> fields(json.put("t", "status"), status));
    }

    static void fields(Json json, SensorStatus status) throws IOException {
        json.put("sensor", status.sensor())
                .put("state", status.state().name())
                .millis("time", status.timeNanos())
                .put("rate", status.rateHz(), 2)
                .put("clock", status.clockId())
                .put("clockSigmaMs", status.clockSigmaNanos() / 1e6, 3)
                .put("reason", status.reason())
                .put("origin", status.origin().name());
    }
}
