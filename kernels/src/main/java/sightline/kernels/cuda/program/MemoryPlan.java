package sightline.kernels.cuda.program;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Offsets for every slot, computed once: lasting slots one after another in one region, the rest in an arena where
 * slots share bytes when no run needs both at once. Greedy by size, each at the lowest gap that its lifetime leaves
 * open, which for networks stays within a few percent of the largest simultaneous need.
 */
public final class MemoryPlan {
    /** Enough for any vector load and for the memory's own sectors. */
    private static final long ALIGNMENT = 256;

    private final long[] offsets;
    private final long arenaBytes;
    private final long lastingBytes;
    private final long inputBytes;
    private final long outputBytes;

    private record Life(Slot slot, int from, int to) {
        boolean overlaps(Life other) {
            return from <= other.to && other.from <= to;
        }
    }

    private MemoryPlan(long[] offsets, long arena, long lasting, long inputs, long outputs) {
        this.offsets = offsets;
        this.arenaBytes = arena;
        this.lastingBytes = lasting;
        this.inputBytes = inputs;
        this.outputBytes = outputs;
    }

    /** Places every slot of a program. */
    public static MemoryPlan of(Program program) {
        int count = program.slots().size();
        int[] from = new int[count];
        int[] to = new int[count];
        java.util.Arrays.fill(from, Integer.MAX_VALUE);
        java.util.Arrays.fill(to, -1);
        for (int i = 0; i < program.steps().size(); i++) {
            for (Slot slot : program.steps().get(i).slots()) {
                from[slot.id()] = Math.min(from[slot.id()], i);
                to[slot.id()] = i;
            }
        }
        long[] offsets = new long[count];
        long lasting = 0;
        // Inputs and outputs lie at the arena's start and are never shared: one copy each way a run, no ordering traps.
        long ports = 0;
        long inputs = 0;
        List<Life> lives = new ArrayList<>();
        for (Slot.Kind kind : List.of(Slot.Kind.INPUT, Slot.Kind.OUTPUT)) {
            for (Slot slot : program.slots()) {
                if (slot.kind() == kind) {
                    offsets[slot.id()] = ports;
                    ports += aligned(slot.bytes());
                }
            }
            if (kind == Slot.Kind.INPUT) {
                inputs = ports;
            }
        }
        for (Slot slot : program.slots()) {
            if (slot.lasting()) {
                offsets[slot.id()] = lasting;
                lasting += aligned(slot.bytes());
            } else if (slot.kind() == Slot.Kind.ACTIVATION && to[slot.id()] >= 0) {
                lives.add(new Life(slot, from[slot.id()], to[slot.id()]));
            }
        }
        long arena = place(lives, offsets, ports);
        return new MemoryPlan(offsets, arena, lasting, inputs, ports - inputs);
    }

    private static long place(List<Life> lives, long[] offsets, long base) {
        lives.sort(Comparator.comparingLong((Life life) -> -life.slot.bytes()).thenComparingInt(Life::from));
        List<Life> placed = new ArrayList<>();
        long end = base;
        for (Life life : lives) {
            long size = aligned(life.slot.bytes());
            long at = base;
            // `placed` stays sorted by offset, so one pass finds the lowest gap.
            for (Life other : placed) {
                if (!life.overlaps(other)) {
                    continue;
                }
                long start = offsets[other.slot.id()];
                if (at + size <= start) {
                    break;
                }
                at = Math.max(at, start + aligned(other.slot.bytes()));
            }
            offsets[life.slot.id()] = at;
            int index = 0;
            while (index < placed.size() && offsets[placed.get(index).slot.id()] < at) {
                index++;
            }
            placed.add(index, life);
            end = Math.max(end, at + size);
        }
        return end;
    }

    private static long aligned(long bytes) {
        return (Math.max(bytes, 1) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Offset within the lasting region or the arena, whichever the slot belongs to. */
    public long offset(Slot slot) {
        return offsets[slot.id()];
    }

    /** Bytes of the arena, boundary included, for all that lives within a run. */
    public long arenaBytes() {
        return arenaBytes;
    }

    /** Bytes for all that lives as long as the session. */
    public long lastingBytes() {
        return lastingBytes;
    }

    /** Inputs lie at the start of the arena, together. */
    public long inputBytes() {
        return inputBytes;
    }

    /** Outputs lie behind the inputs, together. */
    public long outputBytes() {
        return outputBytes;
    }
}
