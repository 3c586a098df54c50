package sightline.pipeline.mcap;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A stretch of a file that holds messages: a chunk, or messages that lie outside any.
 *
 * @param offset of the stored bytes
 * @param stored how many there are
 * @param size unpacked
 * @param crc of the unpacked bytes; 0 for none
 * @param cut whether its end is missing
 */
record Section(
        long startNanos,
        long endNanos,
        long offset,
        long stored,
        Compression compression,
        long size,
        int crc,
        boolean cut) {
    /** No chunk is larger than this; what says otherwise is damaged, and would not fit into memory. */
    private static final long LARGEST = 1L << 30;
    /** Fields of a chunk before its records, with the longest name of a compression. */
    private static final int HEAD = 8 + 8 + 8 + 4 + 4 + 16 + 8;

    /** The chunk whose record begins at {@code at}; of one that ends beyond the file, what there is. */
    static Section chunk(FileChannel file, long at, long length) throws IOException {
        long end = Math.min(file.size(), at + Op.PREFIX + length);
        ByteBuffer head = Bytes.read(file, at + Op.PREFIX, (int) Math.min(HEAD, Math.max(0, end - at - Op.PREFIX)));
        int available = head.remaining();
        try {
            Fields fields = new Fields(head);
            long start = fields.u64();
            long last = fields.u64();
            long size = fields.u64();
            int crc = (int) fields.u32();
            Compression compression = Compression.of(fields.text());
            long promised = fields.u64();
            long offset = at + Op.PREFIX + (available - fields.remaining());
            if (size < 0 || size > LARGEST || promised < 0) {
                throw new MalformedMcapException("the chunk at " + at + " promises " + size + " bytes");
            }
            long stored = Math.min(promised, end - offset);
            return new Section(start, last, offset, stored, compression, size, crc, stored < promised);
        } catch (BufferUnderflowException e) {
            throw new MalformedMcapException("the chunk at " + at + " has no complete head", e);
        }
    }

    /** Its records, ready to be walked. */
    Records records(FileChannel file) throws IOException {
        ByteBuffer bytes = Bytes.read(file, offset, Math.toIntExact(stored));
        byte[] packed = new byte[bytes.remaining()];
        bytes.get(packed);
        return new Records(ByteBuffer.wrap(compression.unpack(packed, Math.toIntExact(size), crc, cut)), cut);
    }
}
