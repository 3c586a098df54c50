package sightline.kernels.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When to take the next batch: as late as the network lets one, since what is taken grows old and what is not may still be
 * replaced by something newer, and no later. How long batches take to prepare and to compute is learned from those before.
 *
 * <p>Times are nanoseconds of one clock. Thread-safe.
 */
final class Turn {
    /** Of each measurement, the share that goes into what is expected next. */
    private static final double SHARE = 0.2;
    /** A network that waits costs more than a batch that does. */
    private static final long SPARE = 500_000;
    /** So many usual deviations are allowed for. */
    private static final double DEVIATIONS = 3;

    /** When those that are under way were begun, oldest first. */
    private final Deque<Long> begun = new ArrayDeque<>();

    private final Expected preparing = new Expected();
    private final Expected computing = new Expected();
    /** When the network is expected to have nothing to do, as far as what is under way goes. */
    private long free = Long.MIN_VALUE;

    synchronized void began(long now) {
        begun.add(now);
        free = free(free, now);
    }

    private long free(long before, long start) {
        return Math.max(before, start + (long) preparing.mean) + (long) computing.mean;
    }

    /**
     * One has been computed.
     *
     * @param start when it was begun
     * @param ready when its inputs were there
     * @param through when its outputs were
     * @param took what the network took
     */
    synchronized void ended(long start, long ready, long through, long took) {
        begun.remove(start);
        preparing.learn((double) Math.max(0, ready - start));
        computing.learn((double) took);
        expect(through);
    }

    /** One that was begun then failed. */
    synchronized void failed(long start, long now) {
        begun.remove(start);
        expect(now);
    }

    private void expect(long now) {
        free = now;
        begun.forEach(start -> free = free(free, start));
    }

    /** Nanoseconds from now to when the next should be begun, 0 or less where it should be already. */
    synchronized long untilNext(long now) {
        if (begun.isEmpty() || !preparing.known) {
            return 0;
        }
        double ahead = preparing.mean + DEVIATIONS * (preparing.deviation + computing.deviation) + SPARE;
        return free - (long) ahead - now;
    }

    /** What something usually takes, and how far it is off. */
    private static final class Expected {
        private boolean known;
        private double mean;
        private double deviation;

        void learn(double value) {
            double off = known ? Math.abs(value - mean) : 0;
            mean += (known ? SHARE : 1) * (value - mean);
            deviation += SHARE * (off - deviation);
            known = true;
        }
    }
}
