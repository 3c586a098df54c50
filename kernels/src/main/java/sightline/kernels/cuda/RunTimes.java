package sightline.kernels.cuda;

/**
 * Where the time of overlapping runs went, on average and in milliseconds.
 *
 * @param runs that were computed
 * @param preparing from when a run was begun until its inputs were on the device
 * @param waiting from then until the network began with it: nothing where the network waited instead
 * @param computing the network
 * @param copying results back
 * @param computed sum of all computing
 */
public record RunTimes(long runs, double preparing, double waiting, double computing, double copying, double computed) {
    static final RunTimes NONE = new RunTimes(0, 0, 0, 0, 0, 0);

    /** Sums as averages go. */
    RunTimes plus(long preparingNanos, long waitingNanos, long computingNanos, long copyingNanos) {
        return new RunTimes(
                runs + 1,
                mean(preparing, preparingNanos),
                mean(waiting, waitingNanos),
                mean(computing, computingNanos),
                mean(copying, copyingNanos),
                computed + computingNanos / 1e6);
    }

    private double mean(double before, long nanos) {
        return before + (nanos / 1e6 - before) / (runs + 1);
    }
}
