package sightline.pipeline.metrics;

import java.util.List;
import java.util.Locale;

/** The memory budget of a process for people: every bound, and whether those on the heap fit into it all at once. */
public final class MemoryTable {
    private static final String HEAP = "heap";

    private MemoryTable() {}

    /** @param lines of which the first is the Java heap itself */
    public static String of(List<MemoryLine> lines) {
        StringBuilder table = new StringBuilder("memory budget, at most:\n");
        lines.forEach(l -> table.append(
                String.format(Locale.ROOT, "  %8.1f MiB  %-6s  %s%n", mib(l.limit()), l.kind(), l.what())));
        double heap = mib(lines.getFirst().limit());
        double bounds = lines.stream()
                .skip(1)
                .filter(l -> l.kind().equals(HEAP))
                .mapToDouble(l -> mib(l.limit()))
                .sum();
        return table.append(String.format(
                        Locale.ROOT,
                        "  what is bounded on the heap adds up to %.0f MiB of its %.0f MiB%s%n",
                        bounds,
                        heap,
                        bounds > heap
                                ? ": too little if every record had the largest size and all waited at once"
                                : ""))
                .toString();
    }

    private static double mib(long bytes) {
        return bytes / (double) (1 << 20);
    }
}
