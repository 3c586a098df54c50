package sightline.pipeline.metrics;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** This process's memory: what the Java machine bounds, its heap and the buffers beside it, and what the system sees. */
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

    /**
     * Bytes of long-lived objects that the last collection of the heap's old part kept, 0 before the first one. Objects
     * that pile up show here, whatever the heap has room for.
     */
    public static long kept() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool ->
                        pool.getType() == MemoryType.HEAP && pool.getName().contains("Old"))
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }

    /** Resident bytes of this process, or -1 where the system does not say. */
    public static long resident() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(l -> l.startsWith("VmRSS:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }
}
