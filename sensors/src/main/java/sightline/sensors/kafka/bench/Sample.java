package sightline.sensors.kafka.bench;

import java.util.Arrays;
import java.util.Locale;

/** What several runs gave. */
record Sample(double median, double min, double max) {

    static Sample of(double... runs) {
        double[] sorted = runs.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        return new Sample(median, sorted[0], sorted[n - 1]);
    }

    /** The value below which a share of the sorted nanoseconds lies, in milliseconds. */
    static double percentileMillis(long[] sortedNanos, double share) {
        int index = (int) Math.min(sortedNanos.length - 1L, Math.round(share * (sortedNanos.length - 1)));
        return sortedNanos[index] / 1e6;
    }

    @Override
    public String toString() {
        return median < 10
                ? String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", median, min, max)
                : String.format(Locale.ROOT, "%.0f (%.0f-%.0f)", median, min, max);
    }
}
