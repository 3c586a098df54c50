package sightline.operators.timing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Durations of one thing, in milliseconds. */
final class Median {
    private final List<Double> millis = new ArrayList<>();

    void add(double duration) {
        millis.add(duration);
    }

    /** Runs it and keeps how long that took. */
    void time(Runnable work) {
        long begin = System.nanoTime();
        work.run();
        add((System.nanoTime() - begin) / 1e6);
    }

    int count() {
        return millis.size();
    }

    void clear() {
        millis.clear();
    }

    double get() {
        Collections.sort(millis);
        return millis.get(millis.size() / 2);
    }

    /** The fastest, which other work on the machine cannot distort. */
    double least() {
        return Collections.min(millis);
    }
}
