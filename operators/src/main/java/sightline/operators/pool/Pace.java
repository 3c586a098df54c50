package sightline.operators.pool;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Says now and then how many pictures are done and when the rest will be, at the pace so far. */
final class Pace {
    private static final int LINES = 20;
    private static final double NANOS = 1e9;

    private final int all;
    private final LongSupplier nanoTime;
    private final Consumer<String> out;
    private final long started;
    private int said;

    /**
     * Starts now.
     *
     * @param all how many pictures there are
     */
    Pace(int all, LongSupplier nanoTime, Consumer<String> out) {
        this.all = all;
        this.nanoTime = nanoTime;
        this.out = out;
        this.started = nanoTime.getAsLong();
    }

    /** So many are done. */
    void done(int pictures) {
        int line = (int) ((long) pictures * LINES / all);
        if (line == said) {
            return;
        }
        said = line;
        double each = (nanoTime.getAsLong() - started) / NANOS / pictures;
        out.accept(String.format(
                Locale.ROOT,
                "%,d of %,d pictures labelled, %.1f a second, %d s left",
                pictures,
                all,
                1 / each,
                Math.round(each * (all - pictures))));
    }
}
