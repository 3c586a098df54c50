package sightline.pipeline.web;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sightline.config.domain.Track;

/**
 * The recent past of every track that was seen lately, for trails and the track's page. Bounded: the tracks that were
 * updated least recently are forgotten first, and each keeps its newest points. A point holds no receipt; only the newest
 * state does.
 *
 * <p>Safe for any thread.
 */
final class TrackHistory {
    static final int TRACKS = 400;
    static final int POINTS = 600;
    private static final int TRAIL = 120;

    /** A track's newest state and where it was before. */
    record Past(Track newest, long firstNanos, List<double[]> points) {}

    private static final class Line {
        private final double[][] ring = new double[POINTS][];
        private long firstNanos;
        private int size;
        private int next;
        private Track newest;

        void add(Track track) {
            if (newest == null) {
                firstNanos = track.timeNanos();
            }
            newest = track;
            ring[next] = new double[] {
                track.timeNanos() / 1e6,
                track.east(),
                track.north(),
                track.presence(),
                track.absence(),
                track.covariance()[0],
                track.covariance()[1],
                track.covariance()[5]
            };
            next = (next + 1) % POINTS;
            size = Math.min(size + 1, POINTS);
        }

        List<double[]> last(int count) {
            int n = Math.min(count, size);
            List<double[]> points = new ArrayList<>(n);
            for (int i = 0; i < n; i++) {
                points.add(ring[Math.floorMod(next - n + i, POINTS)]);
            }
            return points;
        }
    }

    private final Map<String, Line> lines = new LinkedHashMap<>(16, 0.75f, true);
    private FusedTick newest;

    synchronized void add(FusedTick tick) {
        newest = tick;
        for (Track track : tick.tracks()) {
            lines.computeIfAbsent(track.id(), id -> new Line()).add(track);
        }
        var oldest = lines.entrySet().iterator();
        while (lines.size() > TRACKS && oldest.hasNext()) {
            oldest.next();
            oldest.remove();
        }
    }

    synchronized Optional<Past> past(String track) {
        return Optional.ofNullable(lines.get(track)).map(l -> new Past(l.newest, l.firstNanos, l.last(POINTS)));
    }

    /** The trails of the tracks of the newest tick, so that a page that opens late does not start blank. */
    synchronized Buffer trails() {
        List<Track> now = newest == null ? List.of() : newest.tracks();
        return Json.object(json -> json.put("t", "trails")
                .list("trails", now, (t, track) -> t.put("id", track.id()).array("points", rows -> {
                    for (double[] p : lines.get(track.id()).last(TRAIL)) {
                        rows.row(r -> r.add(p[0], 0).add(p[1], 2).add(p[2], 2));
                    }
                })));
    }

    /** One track in full, with its receipt. */
    static Buffer encode(Past past) {
        return Json.object(json -> {
            TrackJson.fields(json, past.newest());
            json.put("tick", past.newest().tick())
                    .millis("time", past.newest().timeNanos())
                    .millis("first", past.firstNanos())
                    .object("receipt", r -> TrackJson.receipt(r, past.newest().receipt()))
                    .array("points", rows -> {
                        for (double[] p : past.points()) {
                            rows.row(r -> {
                                r.add(p[0], 1);
                                for (int i = 1; i < p.length; i++) {
                                    r.add(p[i], 4);
                                }
                            });
                        }
                    });
        });
    }
}
