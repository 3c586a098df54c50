package sightline.pipeline.metrics;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** What the Java machine itself bounds: its heap, and the buffers beside it. */
public final class ProcessMemory {
    private ProcessMemory() {}

    /** As it is now. */
    public static List<MemoryLine> lines() {
        Runtime runtime = Runtime.getRuntime();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return List.of(
                new MemoryLine("Java heap", "heap", runtime.totalMemory() - runtime.freeMemory(), runtime.maxMemory()),
                // Without -XX:MaxDirectMemorySize direct buffers may grow to the size of the heap, and none is set
                // here.
                new MemoryLine("direct buffers", "direct", direct, runtime.maxMemory()));
    }
}
