package sightline.kernels.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Which kernel was the fastest for which layer, kept from run to run: one text file for each kind of device and build of
 * the kernels, a line a layer. A file that is damaged, or not of this device and build, is ignored and said so; one that
 * cannot be written costs no more than the next process's trying. It only ever chooses among kernels that compute the same.
 *
 * <p>Thread-safe, across processes too: files are replaced as a whole, and what another process found meanwhile is kept.
 */
public final class TileCache {
    /** Where it lies: a folder, or {@code off} to try nothing; by default {@code sightline/tiles} among the user's caches. */
    public static final String PROPERTY = "sightline.cuda.tiles";

    static final int MOST_LAYERS = 8192;
    static final int MOST_FILES = 16;
    private static final long MOST_BYTES = 4 << 20;
    private static final String SUFFIX = ".tiles";
    private static final String FORMAT = "sightline tiles 2";

    private final Path folder;
    private final Consumer<String> say;
    private final Map<String, Choices> open = new HashMap<>();

    private TileCache(Path folder, Consumer<String> say) {
        this.folder = folder;
        this.say = say;
    }

    /**
     * @param folder made when there is something to keep
     * @param say hears a sentence about what was tried, and about files that cannot be read or written
     */
    public static TileCache at(Path folder, Consumer<String> say) {
        return new TileCache(folder, say);
    }

    /** Where {@link #PROPERTY} says; empty where that is {@code off}. */
    public static Optional<TileCache> configured(Consumer<String> say) {
        String where = System.getProperty(PROPERTY, "");
        if (where.equals("off")) {
            return Optional.empty();
        }
        return Optional.of(at(where.isEmpty() ? ofUser() : Path.of(where), say));
    }

    private static Path ofUser() {
        String caches = System.getenv("XDG_CACHE_HOME");
        Path base = caches == null || caches.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(caches);
        return base.resolve("sightline/tiles");
    }

    void say(String sentence) {
        if (!sentence.isEmpty()) {
            say.accept(sentence);
        }
    }

    /**
     * @param device what makes two devices alike
     * @param digest of the kernels
     */
    synchronized Choices choices(String device, String digest) {
        return open.computeIfAbsent(device + '\t' + digest, key -> {
            String safe = device.replaceAll("[^A-Za-z0-9.]+", "-");
            Path file = folder.resolve(safe + '-' + digest.substring(0, Math.min(16, digest.length())) + SUFFIX);
            Choices choices = new Choices(file, FORMAT + '\t' + key);
            choices.load();
            return choices;
        });
    }

    private record Choice(String candidates, String name, float milliseconds, float saved) {}

    /** What is known of one device with one build of the kernels. */
    final class Choices {
        private final Path file;
        private final String head;
        private final Map<String, Choice> layers = new LinkedHashMap<>();
        private boolean changed;
        private boolean complained;

        private Choices(Path file, String head) {
            this.file = file;
            this.head = head;
        }

        /** What was chosen for a layer when it had these candidates. */
        Optional<String> find(String layer, List<String> candidates) {
            synchronized (this) {
                return Optional.ofNullable(layers.get(layer))
                        .filter(c -> c.candidates.equals(digest(candidates)))
                        .map(Choice::name);
            }
        }

        /** Milliseconds by which the choice beat the first guess; negative where nothing is known. */
        float saved(String layer, List<String> candidates) {
            synchronized (this) {
                Choice choice = layers.get(layer);
                return choice == null || !choice.candidates.equals(digest(candidates)) ? -1 : choice.saved;
            }
        }

        /**
         * @param milliseconds of the choice
         * @param saved by how much it beat the first guess
         */
        void keep(String layer, List<String> candidates, String name, float milliseconds, float saved) {
            synchronized (this) {
                layers.put(layer, new Choice(digest(candidates), name, milliseconds, saved));
                changed = true;
            }
        }

        private static String digest(List<String> candidates) {
            return Integer.toHexString(candidates.hashCode());
        }

        private synchronized void load() {
            try {
                read().forEach(layers::putIfAbsent);
            } catch (IOException | IllegalArgumentException | UncheckedIOException unreadable) {
                complain("The tile cache " + file + " is damaged or another device's, so it is ignored: "
                        + unreadable.getMessage() + ".");
            }
        }

        private Map<String, Choice> read() throws IOException {
            Map<String, Choice> found = new LinkedHashMap<>();
            if (!Files.exists(file)) {
                return found;
            }
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw new IOException("no file of ours is like that");
            }
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty() || !lines.getFirst().equals(head)) {
                throw new IOException("its first line is not " + head.replace('\t', ' '));
            }
            for (String line : lines.subList(1, lines.size())) {
                String[] parts = line.split("\t", -1);
                if (parts.length != 5) {
                    throw new IOException("a line has " + parts.length + " fields");
                }
                found.put(
                        parts[0],
                        new Choice(parts[1], parts[2], Float.parseFloat(parts[3]), Float.parseFloat(parts[4])));
            }
            return found;
        }

        /** Writes what is new. */
        synchronized void save() {
            if (!changed) {
                return;
            }
            changed = false;
            load();
            List<String> lines = layers.entrySet().stream()
                    .skip(Math.max(0, layers.size() - MOST_LAYERS))
                    .map(e -> String.format(
                            Locale.ROOT,
                            "%s\t%s\t%s\t%.5f\t%.5f",
                            e.getKey(),
                            e.getValue().candidates,
                            e.getValue().name,
                            e.getValue().milliseconds,
                            e.getValue().saved))
                    .toList();
            try {
                Files.createDirectories(folder);
                Path part = Files.createTempFile(folder, "new", ".part");
                try {
                    Files.write(
                            part, Stream.concat(Stream.of(head), lines.stream()).toList(), StandardCharsets.UTF_8);
                    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } finally {
                    Files.deleteIfExists(part);
                }
                forgetTheOldest();
            } catch (IOException failure) {
                complain("The tile cache " + file + " cannot be written: " + failure + ".");
            }
        }

        /** Once a file. */
        private void complain(String sentence) {
            if (!complained) {
                complained = true;
                say.accept(sentence);
            }
        }
    }

    private void forgetTheOldest() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> old = files.filter(f -> f.toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparingLong((Path f) -> f.toFile().lastModified())
                            .reversed())
                    .skip(MOST_FILES)
                    .toList();
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
        }
    }
}
