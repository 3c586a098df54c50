package sightline.pipeline.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Holds previews of one camera at least an interval apart, by exposure time. Not thread-safe. */
final class PreviewPacer {
    private final long intervalNanos;
    private final Map<String, Long> shown = new HashMap<>();

    PreviewPacer(Duration interval) {
        intervalNanos = interval.toNanos();
    }

    /** Whether this frame may be shown; a clock that jumped back starts anew. */
    boolean mayShow(String camera, long exposureNanos) {
        Long last = shown.get(camera);
        if (last != null && exposureNanos >= last && exposureNanos - last < intervalNanos) {
            return false;
        }
        shown.put(camera, exposureNanos);
        return true;
    }
}
