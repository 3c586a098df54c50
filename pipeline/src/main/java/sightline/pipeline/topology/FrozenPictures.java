package sightline.pipeline.topology;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Finds cameras whose clock runs on while their picture stands still. Two pictures of a working camera never have the same
 * bytes, since its sensor has noise; several in a row over some time mean that it shows the past. Not thread-safe.
 */
final class FrozenPictures {
    private static final int LEAST_REPEATS = 4;

    private final long afterNanos;
    private final Map<String, Last> last = new HashMap<>();

    private record Last(long sum, int bytes, long sinceNanos, int repeats) {}

    /** @param after how long the same bytes must have come */
    FrozenPictures(Duration after) {
        this.afterNanos = after.toNanos();
    }

    /** Whether the camera stands still, this picture included. */
    boolean frozen(String camera, ByteBuffer picture, long exposureNanos) {
        CRC32C crc = new CRC32C();
        crc.update(picture.duplicate());
        Last before = last.get(camera);
        boolean same = before != null && before.sum == crc.getValue() && before.bytes == picture.remaining();
        Last now = same
                ? new Last(before.sum, before.bytes, before.sinceNanos, before.repeats + 1)
                : new Last(crc.getValue(), picture.remaining(), exposureNanos, 0);
        last.put(camera, now);
        return now.repeats >= LEAST_REPEATS && exposureNanos - now.sinceNanos >= afterNanos;
    }
}
