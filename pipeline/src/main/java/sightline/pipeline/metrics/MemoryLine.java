package sightline.pipeline.metrics;

/**
 * One line of the memory budget.
 *
 * @param what owner of the memory
 * @param kind heap, direct, native or device
 * @param used bytes now
 * @param limit bytes at most
 */
public record MemoryLine(String what, String kind, long used, long limit) {}
