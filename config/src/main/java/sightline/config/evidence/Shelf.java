package sightline.config.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a store: {@code ab/cdef….content} beside {@code ab/cdef….label}.
 *
 * <p>A file appears under its name only when it is complete and forced to the device. The label is written last and
 * deleted first, so that an entry is there exactly when its label is.
 */
final class Shelf {

    private static final String CONTENT = ".content";
    private static final String LABEL = ".label";
    private static final String UNFINISHED = ".tmp";

    private final Path root;
    private final JsonMapper json = JsonMapper.builder().build();

    /** What a label file holds. */
    record Stored(int version, long storedNanos, EvidenceLabel label) {}

    Shelf(Path root) {
        this.root = root;
    }

    /** Writes both files and returns what is stored now. */
    Entry write(DataRef ref, ByteBuffer content, EvidenceLabel label, long storedNanos) throws IOException {
        Files.createDirectories(path(ref, CONTENT).getParent());
        publish(path(ref, CONTENT), content);
        return relabel(ref, label, storedNanos, content.remaining());
    }

    /** Writes the label of a content that is there. */
    Entry relabel(DataRef ref, EvidenceLabel label, long storedNanos, long contentBytes) throws IOException {
        byte[] text = text(label, storedNanos);
        publish(path(ref, LABEL), ByteBuffer.wrap(text));
        return new Entry(ref, label, storedNanos, contentBytes, text.length);
    }

    byte[] read(DataRef ref) throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(path(ref, CONTENT));
        } catch (NoSuchFileException e) {
            throw (IOException) new CorruptEvidenceException(ref, "its content is missing").initCause(e);
        }
        DataRef found = DataRef.of(ByteBuffer.wrap(content));
        if (!found.equals(ref)) {
            throw new CorruptEvidenceException(ref, content.length + " bytes with digest " + found);
        }
        return content;
    }

    /** The label of a content, if it is there. */
    Optional<EvidenceLabel> label(DataRef ref) throws IOException {
        try {
            return Optional.of(json.readValue(Files.readAllBytes(path(ref, LABEL)), Stored.class)
                    .label());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** How many bytes the label takes. */
    long labelBytes(EvidenceLabel label, long storedNanos) throws IOException {
        return text(label, storedNanos).length;
    }

    /** Whether the content is there at its full length; its digest is checked by {@link #read} only. */
    boolean isThere(Entry entry) throws IOException {
        Path content = path(entry.ref(), CONTENT);
        return Files.exists(content) && Files.size(content) == entry.contentBytes();
    }

    private byte[] text(EvidenceLabel label, long storedNanos) throws IOException {
        return json.writeValueAsBytes(new Stored(1, storedNanos, label));
    }

    void delete(DataRef ref) throws IOException {
        Files.deleteIfExists(path(ref, LABEL));
        Files.deleteIfExists(path(ref, CONTENT));
    }

    /** Every complete entry of a shard; removes what a crash left half done. */
    List<Entry> open(int shard) throws IOException {
        List<Entry> entries = new ArrayList<>();
        Path folder = root.resolve(String.format(Locale.ROOT, "%02x", shard));
        if (!Files.isDirectory(folder)) {
            return entries;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.list(folder)) {
            files = walk.toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.endsWith(UNFINISHED)) {
                Files.deleteIfExists(file);
            } else if (name.endsWith(LABEL)) {
                entry(file, name, entries);
            } else if (name.endsWith(CONTENT) && !Files.exists(sibling(file, name, CONTENT, LABEL))) {
                Files.deleteIfExists(file);
            }
        }
        return entries;
    }

    private void entry(Path file, String name, List<Entry> entries) throws IOException {
        Path content = sibling(file, name, LABEL, CONTENT);
        String hex = file.getParent().getFileName() + name.substring(0, name.length() - LABEL.length());
        try {
            DataRef ref = new DataRef(hex);
            Stored stored = json.readValue(Files.readAllBytes(file), Stored.class);
            entries.add(new Entry(ref, stored.label(), stored.storedNanos(), Files.size(content), Files.size(file)));
        } catch (IllegalArgumentException | NoSuchFileException | JsonProcessingException e) {
            // Without a readable label nobody could erase it, so it may not stay.
            Files.deleteIfExists(file);
            Files.deleteIfExists(content);
        }
    }

    private static Path sibling(Path file, String name, String suffix, String other) {
        return file.resolveSibling(name.substring(0, name.length() - suffix.length()) + other);
    }

    private Path path(DataRef ref, String suffix) {
        return root.resolve(ref.hex().substring(0, 2))
                .resolve(ref.hex().substring(2).concat(suffix));
    }

    private static void publish(Path target, ByteBuffer bytes) throws IOException {
        Path unfinished = Files.createTempFile(target.getParent(), "", UNFINISHED);
        try {
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                ByteBuffer left = bytes.duplicate();
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
