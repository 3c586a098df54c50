package sightline.kernels.cuda;

import java.lang.foreign.MemorySegment;

/**
 * A piece of device memory that has a name before it has an address. Launches refer to slots; the plan gives each its
 * place, and activations whose lives do not overlap share one.
 */
final class Slot {
    /** How long the content must live. */
    enum Kind {
        /** From its first launch to its last, in the arena. */
        ACTIVATION,
        /** Copied in before a run. */
        INPUT,
        /** Copied out after a run. */
        OUTPUT,
        /** As long as the session. */
        CONSTANT,
        /** As long as the session, and written by runs. */
        STATE
    }

    private final int id;
    private final long bytes;
    private Kind kind;
    private MemorySegment content;

    Slot(int id, Kind kind, long bytes) {
        this.id = id;
        this.kind = kind;
        this.bytes = bytes;
    }

    int id() {
        return id;
    }

    long bytes() {
        return bytes;
    }

    Kind kind() {
        return kind;
    }

    /** An activation that is also wanted outside lives to the end of the run. */
    void becomeOutput() {
        if (kind == Kind.ACTIVATION) {
            kind = Kind.OUTPUT;
        }
    }

    /** What a constant holds from the start; null where a launch makes it. */
    MemorySegment content() {
        return content;
    }

    Slot holding(MemorySegment segment) {
        content = segment;
        return this;
    }

    boolean lasting() {
        return kind == Kind.CONSTANT || kind == Kind.STATE;
    }

    @Override
    public String toString() {
        return kind + "#" + id + "(" + bytes + ")";
    }
}
