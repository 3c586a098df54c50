package sightline.sensors.kafka.bench;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import sightline.config.ledger.LedgerRow;

/** What the process holds at one moment, garbage collected before. */
record Footprint(long millis, double heapMib, double directMib, int threads, LedgerRow row) {
    static final String HEADER = String.format(
            Locale.ROOT,
            "%8s %10s %10s %8s %10s %10s %11s%n",
            "s",
            "heap MiB",
            "direct MiB",
            "threads",
            "received",
            "done",
            "superseded");

    static Footprint now(long millis, LedgerRow row) {
        System.gc();
        double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        double direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        return new Footprint(millis, heap / (1 << 20), direct / (1 << 20), threads, row);
    }

    /** Mean of the last third less mean of the third before; the first third is warm-up. */
    static double growth(List<Footprint> footprints, ToDoubleFunction<Footprint> value) {
        int third = footprints.size() / 3;
        return mean(footprints.subList(2 * third, footprints.size()), value)
                - mean(footprints.subList(third, 2 * third), value);
    }

    private static double mean(List<Footprint> footprints, ToDoubleFunction<Footprint> value) {
        return footprints.stream().mapToDouble(value).average().orElse(0);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%8.1f %10.1f %10.1f %8d %10d %10d %11d%n",
                millis / 1e3,
                heapMib,
                directMib,
                threads,
                row.received(),
                row.done(),
                row.superseded());
    }
}
