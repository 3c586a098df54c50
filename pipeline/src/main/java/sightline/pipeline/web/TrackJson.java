package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import sightline.config.domain.Contribution;
import sightline.config.domain.GaussianTerm;
import sightline.config.domain.Receipt;
import sightline.config.domain.Track;
import sightline.config.domain.TrackBelief;

/**
 * Fused and per-node tracks as the page takes them. Covariances travel as the three numbers of the position's block; a
 * receipt only where somebody asked for it.
 */
final class TrackJson {
    private TrackJson() {}

    static Buffer fused(FusedTick tick, long sentNanos) {
        return Json.object(json -> json.put("t", "tick")
                .put("tick", tick.tick())
                .millis("time", tick.timeNanos())
                .millis("sent", sentNanos)
                .put("digest", tick.digest())
                .put("origin", tick.origin().name())
                .list("tracks", tick.tracks(), TrackJson::fields));
    }

    static Buffer node(NodeTick tick) {
        return Json.object(json -> json.put("t", "node")
                .put("node", tick.node())
                .put("tick", tick.tick())
                .millis("time", tick.timeNanos())
                .list("tracks", tick.tracks(), TrackJson::belief));
    }

    static void fields(Json json, Track track) throws IOException {
        double[] c = track.covariance();
        json.put("id", track.id())
                .put("e", track.state()[0], 3)
                .put("n", track.state()[1], 3)
                .put("ve", track.state()[2], 3)
                .put("vn", track.state()[3], 3)
                .array("c", a -> a.add(c[0], 5).add(c[1], 5).add(c[5], 5))
                .put("p", track.presence(), 4)
                .put("a", track.absence(), 4)
                .put("k", track.label() == null ? "" : track.label().label())
                .put("ph", track.phase().name())
                .put("o", track.origin().name());
    }

    private static void belief(Json json, TrackBelief belief) throws IOException {
        json.put("id", belief.track())
                .put("p", belief.presence(), 4)
                .put("a", belief.absence(), 4)
                .put("k", belief.label() == null ? "" : belief.label().label())
                .array("terms", rows -> {
                    for (GaussianTerm term : belief.terms()) {
                        double[] m = term.mean();
                        double[] c = term.covariance();
                        int d = m.length;
                        rows.row(r -> r.add(term.logWeight(), 3)
                                .add(m[0], 3)
                                .add(m[1], 3)
                                .add(c[0], 5)
                                .add(c[1], 5)
                                .add(c[d + 1], 5));
                    }
                });
    }

    static void receipt(Json json, Receipt receipt) throws IOException {
        json.put("digest", receipt.digest())
                .strings("peers", receipt.peers())
                .strings("missing", receipt.missingPeers())
                .list("contributions", receipt.contributions(), TrackJson::contribution);
    }

    private static void contribution(Json json, Contribution c) throws IOException {
        json.put("sensor", c.sensor())
                .put("node", c.node())
                .put("seq", c.sequence())
                .millis("exposure", c.exposureNanos())
                .put("status", c.status().name())
                .put("reason", c.reason())
                .put("model", c.model())
                .put("calibration", c.calibration());
    }
}
