package sightline.pipeline.mcap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The chunk that is being filled. Not thread-safe. */
final class OpenChunk {
    /** Where a message is within the chunk. */
    record Entry(long nanos, long offset) {}

    final Octets records;
    final Map<Integer, List<Entry>> index = new TreeMap<>();
    long startNanos = Long.MAX_VALUE;
    long endNanos = Long.MIN_VALUE;

    OpenChunk(int bytes) {
        records = new Octets(bytes + (bytes >> 2));
    }

    void message(int channel, long sequence, long logNanos, long publishNanos, byte[] data) {
        index.computeIfAbsent(channel, c -> new ArrayList<>()).add(new Entry(logNanos, records.length()));
        startNanos = Math.min(startNanos, logNanos);
        endNanos = Math.max(endNanos, logNanos);
        records.record(Op.MESSAGE, o -> o.u16(channel)
                .u32(sequence)
                .u64(logNanos)
                .u64(publishNanos)
                .bytes(data, 0, data.length));
    }

    boolean empty() {
        return records.length() == 0;
    }

    void clear() {
        records.clear();
        index.clear();
        startNanos = Long.MAX_VALUE;
        endNanos = Long.MIN_VALUE;
    }
}
