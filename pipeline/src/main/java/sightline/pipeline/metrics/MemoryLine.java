package sightline.pipeline.metrics;

/**
 * One line of the memory budget.
 *
 * @param what owner of the memory
 * @param kind heap, direct, native, device or disk
 * @param used bytes now; {@link #UNMEASURED} where only the bound is known
 * @param limit bytes at most
 */
public record MemoryLine(String what, String kind, long used, long limit) {
    /** Stands for what is used where nobody counts it. */
    public static final long UNMEASURED = -1;

    /** Memory whose bound follows from settings and whose use nobody counts. */
    public static MemoryLine atMost(String what, String kind, long limit) {
        return new MemoryLine(what, kind, UNMEASURED, limit);
    }

    /** Whether {@link #used} is a figure. */
    public boolean measured() {
        return used != UNMEASURED;
    }
}
