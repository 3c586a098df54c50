package sightline.sensors.source;

import sightline.config.time.TimeSource;

/** When a frame was exposed, from what its container says. */
sealed interface FrameClock {
    /**
     * The exposure.
     *
     * @param index of the frame, from 0
     * @param mediaNanos time in the stream, from its first frame; negative if it has none
     * @param senderNanos the sender's own wall-clock time of the frame; 0 if it did not say
     */
    long exposureNanos(long index, long mediaNanos, long senderNanos);

    /** A recording that starts at an instant; a frame rate above 0 overrides the stream's times. */
    record Recording(long startNanos, double framesPerSecond) implements FrameClock {
        private static final double FALLBACK = 25;

        @Override
        public long exposureNanos(long index, long mediaNanos, long senderNanos) {
            if (framesPerSecond > 0) {
                return startNanos + Math.round(index * 1e9 / framesPerSecond);
            }
            return startNanos + (mediaNanos >= 0 ? mediaNanos : Math.round(index * 1e9 / FALLBACK));
        }
    }

    /** A live stream. */
    record Arrival(TimeSource time) implements FrameClock {
        @Override
        public long exposureNanos(long index, long mediaNanos, long senderNanos) {
            return senderNanos > 0 ? senderNanos : time.nanos();
        }
    }
}
