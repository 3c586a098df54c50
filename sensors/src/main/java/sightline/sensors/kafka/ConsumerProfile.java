package sightline.sensors.kafka;

import java.util.Map;
import java.util.TreeMap;

/**
 * How a consumer fetches: the trade between latency, memory and reach into the past.
 *
 * @param maxRecordBytes largest record that is expected, in bytes; fetch limits and the memory bound follow from it
 * @param maxFetchBytes most bytes in one fetch answer of one broker; the first batch is always returned whole
 * @param minFetchBytes the broker holds a fetch until it has this much
 * @param maxWaitMillis or until this time is over
 * @param fromStart where a group without committed offsets begins: at the oldest record, else at the newest
 * @param readCommitted hides records of open and aborted transactions
 */
public record ConsumerProfile(
        int maxRecordBytes,
        int maxFetchBytes,
        int minFetchBytes,
        int maxWaitMillis,
        boolean fromStart,
        boolean readCommitted) {
    private static final int FETCH_CAP = 64 << 20;
    /** A partition that is resumed joins the next fetch, so this bounds how long its frames wait for it. */
    private static final int VIDEO_WAIT_MILLIS = 10;
    /** An answer comes as soon as there is a record, so waiting long saves empty answers and delays nothing. */
    private static final int MESSAGE_WAIT_MILLIS = 100;
    /** Who is patient hears a quarter of a second late and asks four times a second, however many records there are. */
    private static final int PATIENT_BYTES = 1 << 20;

    private static final int PATIENT_WAIT_MILLIS = 250;

    /** Frames: newest only, no waiting, room for two of the largest per partition. */
    public static ConsumerProfile video(int largestFrameBytes, int partitions) {
        long wanted = 2L * largestFrameBytes * Math.max(1, partitions);
        int cap = Math.max(FETCH_CAP, 2 * largestFrameBytes);
        return new ConsumerProfile(largestFrameBytes, (int) Math.min(wanted, cap), 1, VIDEO_WAIT_MILLIS, false, false);
    }

    /** Small messages whose history matters: measurements, detections, calibrations. */
    public static ConsumerProfile messages() {
        return new ConsumerProfile(1 << 20, 8 << 20, 1, MESSAGE_WAIT_MILLIS, true, false);
    }

    /** Topics that are written in transactions: beliefs, node state, fused tracks, events. */
    public static ConsumerProfile transactional() {
        return new ConsumerProfile(1 << 20, 8 << 20, 1, MESSAGE_WAIT_MILLIS, true, true);
    }

    /** The same, beginning at the oldest record where no offset is committed. */
    public ConsumerProfile fromStartOfTopic() {
        return new ConsumerProfile(maxRecordBytes, maxFetchBytes, minFetchBytes, maxWaitMillis, true, readCommitted);
    }

    /** The same, beginning at the newest record where no offset is committed. */
    public ConsumerProfile fromEnd() {
        return new ConsumerProfile(maxRecordBytes, maxFetchBytes, minFetchBytes, maxWaitMillis, false, readCommitted);
    }

    /** The same for work that nobody waits for: a flood of records costs the broker no more fetches than a trickle. */
    public ConsumerProfile patient() {
        return new ConsumerProfile(
                maxRecordBytes, maxFetchBytes, PATIENT_BYTES, PATIENT_WAIT_MILLIS, fromStart, readCommitted);
    }

    Map<String, Object> properties(int maxPollRecords) {
        Map<String, Object> p = new TreeMap<>();
        p.put("fetch.min.bytes", minFetchBytes);
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
