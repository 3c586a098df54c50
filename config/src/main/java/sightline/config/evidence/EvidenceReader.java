package sightline.config.evidence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks into an evidence store that another process writes, in a directory that both can see. Keeps nothing in memory: what
 * the writer erases is gone here at once.
 *
 * <p>Threading: safe for any number of threads; may block on storage.
 */
public final class EvidenceReader {
    private final Shelf shelf;

    /** @param directory of the store; it need not be there yet */
    public EvidenceReader(Path directory) {
        this.shelf = new Shelf(directory);
    }

    /**
     * Finds a content and checks its digest.
     *
     * @return empty if it is not there
     * @throws CorruptEvidenceException if it is not what was stored
     */
    public Optional<Evidence> get(DataRef ref) throws IOException {
        Optional<EvidenceLabel> label = shelf.label(ref);
        if (label.isEmpty()) {
            return Optional.empty();
        }
        byte[] content = shelf.read(ref);
        return Optional.of(new Evidence(ref, label.get(), content));
    }
}
