package sightline.kernels.weights;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import sightline.kernels.tensor.Tensor;

/** The zip form: {@code <folder>/data.pkl} and one member {@code <folder>/data/<key>} a storage, all uncompressed. */
final class ZipCheckpoint {
    private static final String PICKLE = "data.pkl";
    private static final int PIECE = 1 << 20;

    private ZipCheckpoint() {}

    static PickledTensors read(Path path, String file, Arena arena) throws IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            ZipEntry pickle = pickle(zip, file);
            String folder = pickle.getName().substring(0, pickle.getName().length() - PICKLE.length());
            ZipEntry order = zip.getEntry(folder + "byteorder");
            if (order != null && !isLittle(content(zip, order, file, arena))) {
                throw new CheckpointException(file + " is not little-endian");
            }
            ByteBuffer text = content(zip, pickle, file, arena).asByteBuffer();
            PickleValue root = new Unpickler(text, file).read();
            Map<String, MemorySegment> storages = new HashMap<>();
            String data = folder + "data/";
            for (Iterator<? extends ZipEntry> entries = zip.entries().asIterator(); entries.hasNext(); ) {
                ZipEntry entry = entries.next();
                if (entry.getName().startsWith(data) && !entry.isDirectory()) {
                    storages.put(entry.getName().substring(data.length()), content(zip, entry, file, arena));
                }
            }
            return new PickledTensors(root, storages, file, arena);
        } catch (ZipException broken) {
            throw new CheckpointException(file + " is a broken archive: " + broken.getMessage(), broken);
        }
    }

    private static boolean isLittle(MemorySegment order) {
        return order.byteSize() > 0 && order.get(ValueLayout.JAVA_BYTE, 0) == 'l';
    }

    private static ZipEntry pickle(ZipFile zip, String file) {
        return zip.stream()
                .filter(e -> e.getName().equals(PICKLE)
                        || (e.getName().endsWith("/" + PICKLE)
                                && e.getName().indexOf('/') == e.getName().lastIndexOf('/')))
                .findFirst()
                .map(ZipEntry.class::cast)
                .orElseThrow(() -> new CheckpointException(file + " has no " + PICKLE));
    }

    /** A member's bytes, aligned. Compressed members are refused, so no archive grows beyond its own size. */
    private static MemorySegment content(ZipFile zip, ZipEntry entry, String file, Arena arena) throws IOException {
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
            throw new CheckpointException(file + ": member " + entry.getName() + " is compressed");
        }
        if (entry.getSize() < 0 || entry.getSize() > Files.size(Path.of(zip.getName()))) {
            throw new CheckpointException(file + ": member " + entry.getName() + " is larger than the archive");
        }
        MemorySegment bytes =
                arena.allocate(Math.max(entry.getSize(), 1), Tensor.ALIGNMENT).asSlice(0, entry.getSize());
        byte[] piece = new byte[(int) Math.min(PIECE, Math.max(entry.getSize(), 1))];
        long at = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            for (int n = in.read(piece); n > 0 && at + n <= bytes.byteSize(); n = in.read(piece)) {
                MemorySegment.copy(piece, 0, bytes, ValueLayout.JAVA_BYTE, at, n);
                at += n;
            }
        }
        if (at != bytes.byteSize()) {
            throw new CheckpointException(file + ": member " + entry.getName() + " is cut short");
        }
        return bytes;
    }
}
