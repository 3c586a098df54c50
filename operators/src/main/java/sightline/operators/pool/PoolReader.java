package sightline.operators.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;

/**
 * Reads a folder of pictures with an {@code index.json}: an array of {@code {file, size, source, complete, boxes}}, a
 * box being {@code [class, x, y, width, height]} with the upper left corner in 0..1. A picture that cannot be decoded is
 * skipped with its name; a class that is not ours is an error.
 */
public final class PoolReader {
    private static final Logger LOG = LoggerFactory.getLogger(PoolReader.class);

    private PoolReader() {}

    /** All pictures whose index name {@code wanted} accepts, in the order of the index. */
    public static List<LabeledPicture> read(Path folder, Predicate<String> wanted) throws IOException {
        JsonNode index =
                new ObjectMapper().readTree(folder.resolve("index.json").toFile());
        List<LabeledPicture> pictures = new ArrayList<>();
        for (JsonNode entry : index) {
            String file = entry.get("file").asText();
            if (!wanted.test(file)) {
                continue;
            }
            try {
                byte[] encoded = Files.readAllBytes(file(folder, file));
                Picture.decode(file, encoded);
                pictures.add(new LabeledPicture(
                        file,
                        entry.get("source").asText(),
                        entry.get("complete").asBoolean(),
                        encoded,
                        boxes(entry.get("boxes"))));
            } catch (IOException e) {
                LOG.warn("skipped: {}", e.getMessage());
            }
        }
        return pictures;
    }

    /** Where a picture of an index lies: below the index's folder, or in it where names begin with that folder's own. */
    public static Path file(Path folder, String name) {
        Path below = folder.resolve(name);
        return Files.exists(below) ? below : folder.resolve(Path.of(name).getFileName());
    }

    private static List<LabeledObject> boxes(JsonNode boxes) {
        List<LabeledObject> objects = new ArrayList<>();
        for (JsonNode b : boxes) {
            ObjectClass label = ObjectClass.valueOf(b.get(0).asText().toUpperCase(Locale.ROOT));
            var box = new Box(
                    b.get(1).asDouble(),
                    b.get(2).asDouble(),
                    b.get(3).asDouble(),
                    b.get(4).asDouble());
            if (box.area() > 0) {
                objects.add(LabeledObject.human(label, box));
            }
        }
        return objects;
    }
}
