package sightline.kernels.train;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * Everything a run needs to go on exactly where it stopped: numbers, text and arrays by name, in one file.
 *
 * <p>Failure: a file is written beside its place, forced to disk and moved there at once, so that a crash leaves the
 * previous checkpoint whole; a damaged or foreign file is refused with its name.
 *
 * @param numbers counters such as the step
 * @param text what identifies the run, such as the recipe's digest
 * @param floats arrays of 32-bit numbers
 * @param bytes arrays of codes
 */
public record Checkpoint(
        Map<String, Long> numbers, Map<String, String> text, Map<String, float[]> floats, Map<String, byte[]> bytes) {
    private static final long MAGIC = 0x534c_434b_5054_0001L;

    public static Checkpoint empty() {
        return new Checkpoint(
                new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    public void put(String prefix, Parameters parameters) {
        parameters.list().forEach(p -> floats.put(prefix + p.name(), p.values()));
    }

    /** Copies the arrays of that prefix into {@code parameters}; one that is missing is an error. */
    public void get(String prefix, Parameters parameters) {
        for (Parameter p : parameters.list()) {
            float[] from = floats.get(prefix + p.name());
            if (from == null || from.length != p.values().length) {
                throw new IllegalArgumentException("checkpoint has no " + prefix + p.name() + " of this size");
            }
            System.arraycopy(from, 0, p.values(), 0, from.length);
        }
    }

    public void put(OptimizerState state) {
        text.put("optimizer", state.kind());
        numbers.put("optimizer/steps", state.steps());
        state.floats().forEach((name, a) -> floats.put("optimizer/" + name, a));
        state.bytes().forEach((name, a) -> bytes.put("optimizer/" + name, a));
    }

    public OptimizerState optimizer() {
        return new OptimizerState(text.get("optimizer"), numbers.get("optimizer/steps"), under(floats), under(bytes));
    }

    private static <T> Map<String, T> under(Map<String, T> all) {
        Map<String, T> found = new LinkedHashMap<>();
        all.forEach((name, a) -> {
            if (name.startsWith("optimizer/")) {
                found.put(name.substring("optimizer/".length()), a);
            }
        });
        return found;
    }

    public void save(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".writing");
        CRC32 crc = new CRC32();
        try (FileChannel channel = FileChannel.open(
                        beside,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                var out = new DataOutputStream(new BufferedOutputStream(
                        new CheckedOutputStream(java.nio.channels.Channels.newOutputStream(channel), crc), 1 << 16))) {
            out.writeLong(MAGIC);
            out.writeInt(numbers.size() + text.size() + floats.size() + bytes.size());
            for (var e : numbers.entrySet()) {
                head(out, 'n', e.getKey());
                out.writeLong(e.getValue());
            }
            for (var e : text.entrySet()) {
                head(out, 't', e.getKey());
                out.writeUTF(e.getValue());
            }
            for (var e : floats.entrySet()) {
                head(out, 'f', e.getKey());
                out.writeInt(e.getValue().length);
                ByteBuffer b = ByteBuffer.allocate(4 * e.getValue().length).order(ByteOrder.LITTLE_ENDIAN);
                b.asFloatBuffer().put(e.getValue());
                out.write(b.array());
            }
            for (var e : bytes.entrySet()) {
                head(out, 'b', e.getKey());
                out.writeInt(e.getValue().length);
                out.write(e.getValue());
            }
            out.flush();
            out.writeLong(crc.getValue());
            out.flush();
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void head(DataOutputStream out, char kind, String name) throws IOException {
        out.writeByte(kind);
        out.writeUTF(name);
    }

    public static Checkpoint load(Path file) throws IOException {
        CRC32 crc = new CRC32();
        Checkpoint c = empty();
        // The checked stream stands outside the buffer, so that it has seen exactly what has been read.
        try (var in = new DataInputStream(
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), crc))) {
            if (in.readLong() != MAGIC) {
                throw new IOException(file + " is not a checkpoint");
            }
            int entries = in.readInt();
            for (int i = 0; i < entries; i++) {
                c.read(in);
            }
            long seen = crc.getValue();
            if (in.readLong() != seen) {
                throw new IOException(file + " is damaged");
            }
        }
        return c;
    }

    private void read(DataInputStream in) throws IOException {
        int kind = in.readByte();
        String name = in.readUTF();
        switch (kind) {
            case 'n' -> numbers.put(name, in.readLong());
            case 't' -> text.put(name, in.readUTF());
            case 'f' -> {
                float[] values = new float[in.readInt()];
                byte[] raw = in.readNBytes(4 * values.length);
                ByteBuffer.wrap(raw)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(values);
                floats.put(name, values);
            }
            case 'b' -> bytes.put(name, in.readNBytes(in.readInt()));
            default -> throw new IOException("unknown entry in checkpoint: " + (char) kind + " " + name);
        }
    }
}
