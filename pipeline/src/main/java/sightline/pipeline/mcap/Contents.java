package sightline.pipeline.mcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a file holds: from its summary, or found by walking through it where there is none. */
final class Contents {
    private static final int FOOTER = Op.PREFIX + 20;
    private static final long LOOSE = 1 << 20;

    final Map<Integer, McapSchema> schemas = new TreeMap<>();
    final Map<Integer, McapChannel> channels = new TreeMap<>();
    final List<Section> sections = new ArrayList<>();
    boolean complete;
    private long looseFrom = -1;
    private long looseStart;
    private long looseEnd;

    private Contents() {}

    static Contents of(FileChannel file) throws IOException {
        Contents contents = new Contents();
        if (!contents.summary(file)) {
            contents.schemas.clear();
            contents.channels.clear();
            contents.sections.clear();
            contents.walk(file);
        }
        contents.sections.sort(Comparator.comparingLong(Section::startNanos).thenComparingLong(Section::offset));
        return contents;
    }

    /** Whether there is a summary that tells everything. */
    private boolean summary(FileChannel file) throws IOException {
        long footer = file.size() - Op.MAGIC.length - FOOTER;
        if (footer < Op.MAGIC.length || !magic(file, file.size() - Op.MAGIC.length)) {
            return false;
        }
        ByteBuffer bytes = Bytes.read(file, footer, FOOTER);
        if (bytes.get() != Op.FOOTER || bytes.getLong() != 20) {
            return false;
        }
        complete = true;
        long start = bytes.getLong();
        if (start < Op.MAGIC.length || start > footer || footer - start > Integer.MAX_VALUE - 8) {
            return false;
        }
        Records records = new Records(Bytes.read(file, start, (int) (footer - start)), false);
        for (int op = records.next(); op >= 0; op = records.next()) {
            take(op, records.fields());
            if (op == Op.CHUNK_INDEX) {
                Fields fields = records.fields();
                long at = Records.checked(() -> {
                    fields.u64();
                    fields.u64();
                    return fields.u64();
                });
                sections.add(Section.chunk(file, at, Records.checked(fields::u64) - Op.PREFIX));
            }
        }
        return !sections.isEmpty() && !channels.isEmpty();
    }

    static boolean magic(FileChannel file, long at) throws IOException {
        return file.size() >= at + Op.MAGIC.length
                && Bytes.read(file, at, Op.MAGIC.length).equals(ByteBuffer.wrap(Op.MAGIC));
    }

    private void take(int op, Fields fields) throws MalformedMcapException {
        if (op == Op.SCHEMA) {
            McapSchema schema = Records.checked(fields::schema);
            schemas.put(schema.id(), schema);
        } else if (op == Op.CHANNEL) {
            McapChannel channel = Records.checked(fields::channel);
            channels.put(channel.id(), channel);
        }
    }

    private void walk(FileChannel file) throws IOException {
        long at = Op.MAGIC.length;
        while (at + Op.PREFIX <= file.size()) {
            ByteBuffer prefix = Bytes.read(file, at, Op.PREFIX);
            int op = prefix.get() & 0xFF;
            long length = prefix.getLong();
            boolean whole = length >= 0 && length <= file.size() - at - Op.PREFIX;
            if (op != Op.MESSAGE || !whole || at - looseFrom > LOOSE) {
                endLoose(at);
            }
            if (op == Op.DATA_END || op == Op.FOOTER) {
                break;
            }
            if (op == Op.CHUNK) {
                chunk(file, at, length);
            } else if (whole && op == Op.MESSAGE) {
                loose(file, at);
            } else if (whole && (op == Op.SCHEMA || op == Op.CHANNEL)) {
                take(op, new Fields(Bytes.read(file, at + Op.PREFIX, Math.toIntExact(length))));
            }
            if (!whole) {
                break;
            }
            at += Op.PREFIX + length;
        }
        endLoose(at);
    }

    private void chunk(FileChannel file, long at, long length) throws IOException {
        Section section;
        try {
            section = Section.chunk(file, at, Math.max(0, length));
        } catch (MalformedMcapException e) {
            if (at + Op.PREFIX + length <= file.size()) {
                throw e;
            }
            return;
        }
        sections.add(section);
        Records records = section.records(file);
        for (int op = records.next(); op >= 0; op = records.next()) {
            take(op, records.fields());
        }
    }

    private void loose(FileChannel file, long at) throws IOException {
        Fields fields = new Fields(Bytes.read(file, at + Op.PREFIX, 14));
        fields.u16();
        fields.u32();
        long nanos = fields.u64();
        if (looseFrom < 0) {
            looseFrom = at;
            looseStart = nanos;
            looseEnd = nanos;
        }
        looseStart = Math.min(looseStart, nanos);
        looseEnd = Math.max(looseEnd, nanos);
    }

    private void endLoose(long at) {
        if (looseFrom >= 0) {
            long length = at - looseFrom;
            sections.add(new Section(looseStart, looseEnd, looseFrom, length, Compression.NONE, length, 0, false));
            looseFrom = -1;
        }
    }
}
