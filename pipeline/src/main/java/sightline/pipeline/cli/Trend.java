package sightline.pipeline.cli;

import java.util.ArrayList;
import java.util.List;

/** Whether a figure grows: the slope of the straight line that fits its samples best. Not thread-safe. */
final class Trend {
    private record Sample(double seconds, double value) {}

    private final List<Sample> samples = new ArrayList<>();

    void add(double seconds, double value) {
        samples.add(new Sample(seconds, value));
    }

    /** Per minute, over the second half of the time, when warming up is over; NaN before there is one. */
    double perMinute() {
        if (samples.isEmpty()) {
            return Double.NaN;
        }
        double half = (samples.getFirst().seconds + samples.getLast().seconds) / 2;
        List<Sample> late = samples.stream().filter(s -> s.seconds >= half).toList();
        double meanSeconds =
                late.stream().mapToDouble(Sample::seconds).average().orElse(Double.NaN);
        double meanValue = late.stream().mapToDouble(Sample::value).average().orElse(Double.NaN);
        double covariance = 0;
        double variance = 0;
        for (Sample s : late) {
            covariance += (s.seconds - meanSeconds) * (s.value - meanValue);
            variance += (s.seconds - meanSeconds) * (s.seconds - meanSeconds);
        }
        return 60 * covariance / variance;
    }
}
