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
    private Writer writer;

    /** Emits what fills a slot that was promised, once something wants it. */
    interface Writer {
        void write(Slot slot);

        /** Fills {@code to} with the same rounded to bfloat16 instead; false where it cannot. */
        boolean narrow(Slot slot, Slot to);

        /** See {@link Slot#turned}. */
        Slot turned(int count, int rows, int columns);
    }

    Slot(int id, Kind kind, long bytes) {
        this.id = id;
        this.kind = kind;
        this.bytes = bytes;
    }

    /** Promises content that is made when a kernel first names the slot, and never where none does. */
    void await(Writer promised) {
        writer = promised;
    }

    boolean awaits() {
        return writer != null;
    }

    /** Has a promised content made. */
    void need() {
        if (writer != null) {
            Writer promised = writer;
            writer = null;
            promised.write(this);
        }
    }

    /** Says that something else makes the promised content. */
    void written() {
        writer = null;
    }

    /** Has the rounded form of a promised content made, which stays promised; false where it must be made first. */
    boolean narrow(Slot to) {
        return writer != null && writer.narrow(this, to);
    }

    /**
     * What holds the same matrices with rows for columns, where the promised content is but a view of that; else null.
     *
     * @param rows of each of {@code count} promised matrices
     */
    Slot turned(int count, int rows, int columns) {
        return writer == null ? null : writer.turned(count, rows, columns);
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

    /** Copied in before a run or out after it. */
    boolean port() {
        return kind == Kind.INPUT || kind == Kind.OUTPUT;
    }

    boolean lasting() {
        return kind == Kind.CONSTANT || kind == Kind.STATE;
    }

    @Override
    public String toString() {
        return kind + "#" + id + "(" + bytes + ")";
    }
}
