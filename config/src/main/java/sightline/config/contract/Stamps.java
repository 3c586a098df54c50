package sightline.config.contract;

import com.google.protobuf.Timestamp;

/** int64 nanoseconds in records, Timestamp on the wire. */
final class Stamps {

    private static final long NANOS = 1_000_000_000L;

    private Stamps() {}

    static Timestamp write(long nanos) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(nanos, NANOS))
                .setNanos((int) Math.floorMod(nanos, NANOS))
                .build();
    }

    static long read(String field, Timestamp stamp) {
        long seconds = stamp.getSeconds();
        int nanos = stamp.getNanos();
        if (nanos < 0 || nanos >= NANOS) {
            throw new IllegalArgumentException(field + " has " + nanos + " nanoseconds in a second");
        }
        try {
            return Math.addExact(Math.multiplyExact(seconds, NANOS), nanos);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(field + " of " + seconds + " s is outside the years 1677 to 2262", e);
        }
    }
}
