package sightline.pipeline.mcap;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Writes an MCAP file: chunks with an index of their messages, and a summary at the end.
 *
 * <p>Memory is one chunk and 50 bytes a chunk written. A chunk is on its way to the disk as soon as it is full, so that of a
 * file whose writer dies all but the last chunk can be read. <b>Threading:</b> one thread at a time. <b>Failure:</b> after
 * an {@link IOException} the file is as one whose writer died. <b>Ownership:</b> close it, which writes the summary.
 */
public final class McapWriter implements Closeable {
    private static final int DEFAULT_CHUNK = 1 << 20;

    private final FileChannel file;
    private final Compression compression;
    private final int chunkBytes;
    private final OpenChunk chunk;
    private final Octets out = new Octets(1 << 16);
    private final CRC32 dataCrc = new CRC32();
    private final Map<Integer, McapSchema> schemas = new LinkedHashMap<>();
    private final Map<Integer, McapChannel> channels = new LinkedHashMap<>();
    private final Map<Integer, Long> counts = new TreeMap<>();
    private final List<ChunkIndex> chunks = new ArrayList<>();
    private long position;
    private long startNanos = Long.MAX_VALUE;
    private long endNanos = Long.MIN_VALUE;
    private boolean closed;

    private McapWriter(FileChannel file, Compression compression, int chunkBytes) {
        this.file = file;
        this.compression = compression;
        this.chunkBytes = chunkBytes;
        this.chunk = new OpenChunk(chunkBytes);
    }

    /** A new file; one that exists is an error. */
    public static McapWriter create(Path path, Compression compression) throws IOException {
        return create(path, compression, DEFAULT_CHUNK);
    }

    /** @param chunkBytes a chunk is closed when its records are this long */
    public static McapWriter create(Path path, Compression compression, int chunkBytes) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        McapWriter writer = new McapWriter(file, compression, chunkBytes);
        writer.out.bytes(Op.MAGIC, 0, Op.MAGIC.length);
        writer.out.record(Op.HEADER, o -> o.text("").text("sightline"));
        writer.drain(true);
        return writer;
    }

    /** Adds a schema; its id is the answer's. */
    public McapSchema schema(String name, String encoding, byte[] data) {
        McapSchema schema = new McapSchema(schemas.size() + 1, name, encoding, data);
        schemas.put(schema.id(), schema);
        write(schema, chunk.records);
        return schema;
    }

    /** Adds a channel; at most 65,535 of them. */
    public McapChannel channel(String topic, McapSchema schema, String encoding, Map<String, String> metadata) {
        if (channels.size() == 0xFFFF) {
            throw new IllegalStateException("an MCAP file has at most 65535 channels");
        }
        McapChannel channel = new McapChannel(channels.size() + 1, schema.id(), topic, encoding, metadata);
        channels.put(channel.id(), channel);
        write(channel, chunk.records);
        return channel;
    }

    private static void write(McapSchema schema, Octets to) {
        to.record(Op.SCHEMA, o -> o.u16(schema.id())
                .text(schema.name())
                .text(schema.encoding())
                .u32(schema.data().length)
                .bytes(schema.data(), 0, schema.data().length));
    }

    private static void write(McapChannel channel, Octets to) {
        to.record(Op.CHANNEL, o -> o.u16(channel.id())
                .u16(channel.schema())
                .text(channel.topic())
                .text(channel.encoding())
                .map(channel.metadata()));
    }

    /** Adds a message; order of time is not needed. */
    public void write(McapChannel channel, long sequence, long logNanos, long publishNanos, byte[] data)
            throws IOException {
        chunk.message(channel.id(), sequence, logNanos, publishNanos, data);
        counts.merge(channel.id(), 1L, Long::sum);
        if (chunk.records.length() >= chunkBytes) {
            flush();
        }
    }

    /** Messages so far. */
    public long messages() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Ends the chunk: what was written so far outlives this process. */
    public void flush() throws IOException {
        if (chunk.empty()) {
            return;
        }
        boolean timed = !chunk.index.isEmpty();
        long from = timed ? chunk.startNanos : 0;
        long to = timed ? chunk.endNanos : 0;
        byte[] packed = compression.pack(chunk.records.array(), chunk.records.length());
        CRC32 crc = new CRC32();
        crc.update(chunk.records.array(), 0, chunk.records.length());
        long at = position;
        out.record(Op.CHUNK, o -> o.u64(from)
                .u64(to)
                .u64(chunk.records.length())
                .u32(crc.getValue())
                .text(compression.label)
                .u64(packed.length)
                .bytes(packed, 0, packed.length));
        int length = out.length();
        Map<Integer, Long> indexes = new TreeMap<>();
        chunk.index.forEach((channel, entries) -> {
            indexes.put(channel, at + out.length());
            out.record(Op.MESSAGE_INDEX, o -> o.u16(channel)
                    .sized(s -> entries.forEach(e -> s.u64(e.nanos()).u64(e.offset()))));
        });
        chunks.add(new ChunkIndex(
                from,
                to,
                at,
                length,
                indexes,
                out.length() - length,
                compression.label,
                packed.length,
                chunk.records.length()));
        if (timed) {
            startNanos = Math.min(startNanos, from);
            endNanos = Math.max(endNanos, to);
        }
        drain(true);
        chunk.clear();
    }

    private void drain(boolean data) throws IOException {
        if (data) {
            dataCrc.update(out.array(), 0, out.length());
        }
        ByteBuffer bytes = ByteBuffer.wrap(out.array(), 0, out.length());
        while (bytes.hasRemaining()) {
            position += file.write(bytes);
        }
        out.clear();
    }

    /** Writes the summary. Closing twice is fine. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (file) {
            flush();
            out.record(Op.DATA_END, o -> o.u32(dataCrc.getValue()));
            drain(false);
            summary();
            out.bytes(Op.MAGIC, 0, Op.MAGIC.length);
            drain(false);
        }
    }

    private void summary() throws IOException {
        long start = position;
        Octets offsets = new Octets(256);
        group(offsets, start, Op.SCHEMA, () -> schemas.values().forEach(s -> write(s, out)));
        group(offsets, start, Op.CHANNEL, () -> channels.values().forEach(c -> write(c, out)));
        group(offsets, start, Op.STATISTICS, this::statistics);
        group(offsets, start, Op.CHUNK_INDEX, () -> chunks.forEach(c -> c.write(out)));
        long offsetStart = start + out.length();
        out.bytes(offsets.array(), 0, offsets.length());
        out.u8(Op.FOOTER).u64(20).u64(start).u64(offsetStart);
        CRC32 crc = new CRC32();
        crc.update(out.array(), 0, out.length());
        out.u32(crc.getValue());
        drain(false);
    }

    private void group(Octets offsets, long start, byte op, Runnable records) {
        int before = out.length();
        records.run();
        int length = out.length() - before;
        if (length > 0) {
            offsets.record(Op.SUMMARY_OFFSET, o -> o.u8(op).u64(start + before).u64(length));
        }
    }

    private void statistics() {
        boolean any = !counts.isEmpty();
        out.record(Op.STATISTICS, o -> o.u64(messages())
                .u16(schemas.size())
                .u32(channels.size())
                .u32(0)
                .u32(0)
                .u32(chunks.size())
                .u64(any ? startNanos : 0)
                .u64(any ? endNanos : 0)
                .sized(m -> counts.forEach((channel, n) -> m.u16(channel).u64(n))));
    }
}
