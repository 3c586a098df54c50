package sightline.pipeline.mcap;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Reads at a place of a file. */
final class Bytes {
    private Bytes() {}

    /** Exactly so many bytes, or an {@link EOFException}. */
    static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            int read = file.read(bytes, at + bytes.position());
            if (read < 0) {
                throw new EOFException("the file ends at " + (at + bytes.position()));
            }
        }
        return bytes.flip();
    }
}
