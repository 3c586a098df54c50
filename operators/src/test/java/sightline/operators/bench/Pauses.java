package sightline.operators.bench;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * What held this process up as a whole: how late a thread woke that sleeps a millisecond at a time, what the collector says of
 * itself, and for how long the machine took the processors away because more were used than were granted.
 */
final class Pauses implements AutoCloseable {
    private static final Path GRANT = Path.of("/sys/fs/cgroup/cpu.stat");
    private static final long NAP = 1_000_000;
    private static final long LONG = 10_000_000;

    private final Thread sleeper = Thread.ofPlatform().daemon().unstarted(this::sleep);
    private final long collected = collected();
    private final long throttled = throttled();
    private volatile boolean over;
    private volatile long longest;
    private volatile int times;

    Pauses() {
        sleeper.start();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread counts
    private void sleep() {
        while (!over) {
            long before = System.nanoTime();
            LockSupport.parkNanos(NAP);
            long late = System.nanoTime() - before - NAP;
            longest = Math.max(longest, late);
            times += late > LONG ? 1 : 0;
        }
    }

    /** Milliseconds that threads of this process stood for the collector. */
    private static long collected() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(bean -> !bean.getName().contains("Cycles"))
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    private static long throttled() {
        try {
            return Files.readAllLines(GRANT).stream()
                    .filter(line -> line.startsWith("throttled_usec "))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                    .sum();
        } catch (IOException unknown) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "         this process: a thread that naps woke up to %.1f ms late, %d times more than 10; collector %d ms, processors withheld %.1f ms",
                longest / 1e6,
                times,
                collected() - collected,
                (throttled() - throttled) / 1e3);
    }

    @Override
    public void close() {
        over = true;
    }
}
