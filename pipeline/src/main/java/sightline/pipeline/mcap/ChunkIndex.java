package sightline.pipeline.mcap;

import java.util.Map;

/**
 * Where a chunk is and what times it covers.
 *
 * @param offset of the chunk's record in the file
 * @param length of that record with its operation code and length
 * @param indexes where the message index of each channel is
 * @param indexLength of all message indexes
 */
record ChunkIndex(
        long startNanos,
        long endNanos,
        long offset,
        long length,
        Map<Integer, Long> indexes,
        long indexLength,
        String compression,
        long stored,
        long size) {

    void write(Octets out) {
        out.record(Op.CHUNK_INDEX, o -> o.u64(startNanos)
                .u64(endNanos)
                .u64(offset)
                .u64(length)
                .sized(m -> indexes.forEach((channel, at) -> m.u16(channel).u64(at)))
                .u64(indexLength)
                .text(compression)
                .u64(stored)
                .u64(size));
    }
}
