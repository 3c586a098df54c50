package sightline.sensors.kafka;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a consumer fetches: the trade between latency, memory and reach into the past.
 *
 * @param maxRecordBytes largest record that is expected, in bytes; fetch limits and the memory bound follow from it
 * @param maxFetchBytes most bytes in one fetch answer of one broker; the first batch is always returned whole
 * @param maxWaitMillis how long the broker holds a fetch for which it has nothing
 * @param fromStart where a group without committed offsets begins: at the oldest record, else at the newest
 * @param readCommitted hides records of open and aborted transactions
 */
public record ConsumerProfile(
        int maxRecordBytes, int maxFetchBytes, int maxWaitMillis, boolean fromStart, boolean readCommitted) {
    private static final int FETCH_CAP = 64 << 20;
    /** A partition that is resumed joins the next fetch, so this bounds how long its frames wait for it. */
    private static final int VIDEO_WAIT_MILLIS = 10;
    /** An answer comes as soon as there is a record, so waiting long saves empty answers and delays nothing. */
    private static final int MESSAGE_WAIT_MILLIS = 100;

    /** Frames: newest only, no waiting, room for two of the largest per partition. */
    public static ConsumerProfile video(int largestFrameBytes, int partitions) {
        long wanted = 2L * largestFrameBytes * Math.max(1, partitions);
        int cap = Math.max(FETCH_CAP, 2 * largestFrameBytes);
        return new ConsumerProfile(largestFrameBytes, (int) Math.min(wanted, cap), VIDEO_WAIT_MILLIS, false, false);
    }

    /** Small messages whose history matters: measurements, detections, calibrations. */
    public static ConsumerProfile messages() {
        return new ConsumerProfile(1 << 20, 8 << 20, MESSAGE_WAIT_MILLIS, true, false);
    }

    /** Topics that are written in transactions: beliefs, node state, fused tracks, events. */
    public static ConsumerProfile transactional() {
        return new ConsumerProfile(1 << 20, 8 << 20, MESSAGE_WAIT_MILLIS, true, true);
    }

    /** The same, beginning at the oldest record where no offset is committed. */
    public ConsumerProfile fromStartOfTopic() {
        return new ConsumerProfile(maxRecordBytes, maxFetchBytes, maxWaitMillis, true, readCommitted);
    }

    /** The same, beginning at the newest record where no offset is committed. */
    public ConsumerProfile fromEnd() {
        return new ConsumerProfile(maxRecordBytes, maxFetchBytes, maxWaitMillis, false, readCommitted);
    }

    Map<String, Object> properties(int maxPollRecords) {
        Map<String, Object> p = new TreeMap<>();
        p.put("fetch.min.bytes", 1);
        p.put("fetch.max.wait.ms", maxWaitMillis);
        p.put("max.partition.fetch.bytes", (int) Math.min(Integer.MAX_VALUE, 2L * maxRecordBytes));
        p.put("fetch.max.bytes", maxFetchBytes);
        p.put("max.poll.records", maxPollRecords);
        p.put("receive.buffer.bytes", 1 << 20);
        p.put("enable.auto.commit", false);
        p.put("auto.offset.reset", fromStart ? "earliest" : "latest");
        p.put("isolation.level", readCommitted ? "read_committed" : "read_uncommitted");
        return p;
    }
}
