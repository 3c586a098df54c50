package sightline.pipeline.mcap;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Walks records that lie one after the other. Not thread-safe. */
final class Records {
    private final ByteBuffer in;
    private final boolean cut;
    private Fields fields;

    /** @param cut whether the end may be missing: an incomplete last record is then no error */
    Records(ByteBuffer in, boolean cut) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
        this.cut = cut;
    }

    /** The next record's operation code, its content being {@link #fields}; -1 at the end. */
    int next() throws MalformedMcapException {
        if (in.remaining() < Op.PREFIX) {
            return ended();
        }
        int op = in.get() & 0xFF;
        long length = in.getLong();
        if (length < 0 || length > in.remaining()) {
            return ended();
        }
        fields = new Fields(in.slice(in.position(), (int) length));
        in.position(in.position() + (int) length);
        return op;
    }

    private int ended() throws MalformedMcapException {
        if (!cut && in.position() != in.limit()) {
            throw new MalformedMcapException("a record ends outside its chunk");
        }
        in.position(in.limit());
        return -1;
    }

    Fields fields() {
        return fields;
    }

    /** Runs a reading of fields; one that finds too few of them is an error of the file. */
    static <T> T checked(Reading<T> reading) throws MalformedMcapException {
        try {
            return reading.read();
        } catch (BufferUnderflowException e) {
            throw new MalformedMcapException("a record is shorter than its fields", e);
        }
    }

    /** A reading of fields. */
    interface Reading<T> {
        T read();
    }
}
