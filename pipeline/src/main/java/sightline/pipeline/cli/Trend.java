package sightline.pipeline.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * How large a figure is and whether it grows: the slope of the straight line that fits its samples best. Not thread-safe.
 */
final class Trend {
    private record Sample(double seconds, double value) {}

    private final List<Sample> samples = new ArrayList<>();

    void add(double seconds, double value) {
        samples.add(new Sample(seconds, value));
    }

    /** Over the second half of the time, when warming up is over; NaN before there is one. */
    double mean() {
        return mean(late());
    }

    private static double mean(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::value).average().orElse(Double.NaN);
    }

    private List<Sample> late() {
        if (samples.isEmpty()) {
            return List.of();
        }
        double half = (samples.getFirst().seconds + samples.getLast().seconds) / 2;
        return samples.stream().filter(s -> s.seconds >= half).toList();
    }

    /** The same, per minute. */
    double perMinute() {
        List<Sample> late = late();
        double meanSeconds =
                late.stream().mapToDouble(Sample::seconds).average().orElse(Double.NaN);
        double meanValue = mean(late);
        double covariance = 0;
        double variance = 0;
        for (Sample s : late) {
            covariance += (s.seconds - meanSeconds) * (s.value - meanValue);
            variance += (s.seconds - meanSeconds) * (s.seconds - meanSeconds);
        }
        return 60 * covariance / variance;
    }
}
