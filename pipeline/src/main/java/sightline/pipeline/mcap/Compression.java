package sightline.pipeline.mcap;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;

/** How a chunk's records are stored. */
public enum Compression {
    NONE(""),
    LZ4("lz4"),
    ZSTD("zstd");

    private static final int LEVEL = 1;

    final String label;

    Compression(String label) {
        this.label = label;
    }

    static Compression of(String label) throws MalformedMcapException {
        for (Compression c : values()) {
            if (c.label.equals(label)) {
                return c;
            }
        }
        throw new MalformedMcapException("a chunk is compressed with '" + label + "', neither lz4 nor zstd");
    }

    byte[] pack(byte[] records, int length) throws IOException {
        return switch (this) {
            case NONE -> Arrays.copyOf(records, length);
            case LZ4 -> {
                ByteArrayOutputStream packed = new ByteArrayOutputStream(length / 2 + 64);
                try (LZ4FrameOutputStream lz4 =
                        new LZ4FrameOutputStream(packed, LZ4FrameOutputStream.BLOCKSIZE.SIZE_1MB)) {
                    lz4.write(records, 0, length);
                }
                yield packed.toByteArray();
            }
            case ZSTD -> {
                byte[] packed = new byte[Math.toIntExact(Zstd.compressBound(length))];
                long size = Zstd.compressByteArray(packed, 0, packed.length, records, 0, length, LEVEL);
                if (Zstd.isError(size)) {
                    throw new IOException("zstd: " + Zstd.getErrorName(size));
                }
                yield Arrays.copyOf(packed, (int) size);
            }
        };
    }

    /**
     * The records of a chunk.
     *
     * @param crc to check against; 0 for none
     * @param cut true where the chunk's end is missing: what can be had of it is wanted, and nothing can be checked
     */
    byte[] unpack(byte[] stored, int size, int crc, boolean cut) throws IOException {
        byte[] records = this == NONE ? stored : new byte[size];
        int length = this == NONE ? Math.min(size, stored.length) : fill(records, stored, cut);
        if (cut) {
            return Arrays.copyOf(records, length);
        }
        if (length != size) {
            throw new MalformedMcapException("a chunk holds " + length + " bytes and promises " + size);
        }
        if (crc != 0) {
            CRC32 found = new CRC32();
            found.update(records, 0, length);
            if ((int) found.getValue() != crc) {
                throw new MalformedMcapException("a chunk's checksum does not match");
            }
        }
        return records;
    }

    private int fill(byte[] records, byte[] stored, boolean cut) throws IOException {
        int length = 0;
        try (InputStream in = open(new ByteArrayInputStream(stored))) {
            int read;
            while (length < records.length && (read = in.read(records, length, records.length - length)) > 0) {
                length += read;
            }
        } catch (IOException e) {
            if (!cut) {
                throw new MalformedMcapException("a chunk cannot be unpacked: " + e.getMessage(), e);
            }
        }
        return length;
    }

    private InputStream open(InputStream stored) throws IOException {
        return this == LZ4 ? new LZ4FrameInputStream(stored) : new ZstdInputStream(stored);
    }
}
