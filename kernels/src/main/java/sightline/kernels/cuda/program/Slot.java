package sightline.kernels.cuda.program;

import java.lang.foreign.MemorySegment;

/**
 * A piece of device memory that has a name before it has an address. Launches refer to slots; the plan gives each its
 * place, and activations whose lives do not overlap share one.
 */
public final class Slot {
    /** How long the content must live. */
    public enum Kind {
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
    public interface Writer {
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
    public void await(Writer promised) {
        writer = promised;
    }

    /** Whether content was promised that is not made yet. */
    public boolean awaits() {
        return writer != null;
    }

    /** Has a promised content made. */
    public void need() {
        if (writer != null) {
            Writer promised = writer;
            writer = null;
            promised.write(this);
        }
    }

    /** Says that something else makes the promised content. */
    public void written() {
        writer = null;
    }

    /** Has the rounded form of a promised content made, which stays promised; false where it must be made first. */
    public boolean narrow(Slot to) {
        return writer != null && writer.narrow(this, to);
    }

    /**
     * What holds the same matrices with rows for columns, where the promised content is but a view of that; else null.
     *
     * @param rows of each of {@code count} promised matrices
     */
    public Slot turned(int count, int rows, int columns) {
        return writer == null ? null : writer.turned(count, rows, columns);
    }

    /** Its place among the program's slots. */
    public int id() {
        return id;
    }

    /** Its size. */
    public long bytes() {
        return bytes;
    }

    /** How long its content must live. */
    public Kind kind() {
        return kind;
    }

    /** An activation that is also wanted outside lives to the end of the run. */
    public void becomeOutput() {
        if (kind == Kind.ACTIVATION) {
            kind = Kind.OUTPUT;
        }
    }

    /** What a constant holds from the start; null where a launch makes it. */
    public MemorySegment content() {
        return content;
    }

    Slot holding(MemorySegment segment) {
        content = segment;
        return this;
    }

    /** Copied in before a run or out after it. */
    public boolean port() {
        return kind == Kind.INPUT || kind == Kind.OUTPUT;
    }

    /** Kept from run to run. */
    public boolean lasting() {
        return kind == Kind.CONSTANT || kind == Kind.STATE;
    }

    @Override
    public String toString() {
        return kind + "#" + id + "(" + bytes + ")";
    }
}
