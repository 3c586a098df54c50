package sightline.sensors.bench;

import com.sun.management.ThreadMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToLongFunction;

/**
 * Measures one operation after another on the caller's thread: time and bytes allocated an operation, median of rounds
 * after warm-up. What an operation returns goes into a sum that is printed, so that none of it can be left out.
 */
final class Bench {
    private static final int WARM_UP = 3;
    private static final int ROUNDS = 9;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final PrintStream out;
    private long sum;

    Bench(PrintStream out) {
        this.out = out;
    }

    void header(String title, String unit) {
        out.printf(Locale.ROOT, "%n%-50s %12s %20s %12s%n", title, unit, "(least-most)", "bytes/op");
    }

    /**
     * Measures and prints a line.
     *
     * @param perUnit nanoseconds of the unit that is printed
     * @param count operations a round
     * @param step one operation; it is told its number
     */
    void measure(String name, double perUnit, int count, IntToLongFunction step) {
        double[] times = new double[ROUNDS];
        double[] bytes = new double[ROUNDS];
        long self = Thread.currentThread().threadId();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long allocated = THREADS.getThreadAllocatedBytes(self);
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                sum += step.applyAsLong(i);
            }
            if (round >= 0) {
                times[round] = (System.nanoTime() - start) / perUnit / count;
                bytes[round] = (THREADS.getThreadAllocatedBytes(self) - allocated) / (double) count;
            }
        }
        Arrays.sort(times);
        Arrays.sort(bytes);
        out.printf(
                Locale.ROOT,
                "%-50s %12.2f %20s %12.0f%n",
                name,
                times[ROUNDS / 2],
                String.format(Locale.ROOT, "(%.2f-%.2f)", times[0], times[ROUNDS - 1]),
                bytes[ROUNDS / 2]);
    }

    void end() {
        out.printf(Locale.ROOT, "%n(sum of all results %d)%n", sum);
    }
}
