package sightline.operators.pool;

import java.io.IOException;
import java.util.List;

/**
 * An encoded picture and what is known to be in it.
 *
 * @param name relative file name, unique in its pool
 * @param source which set it comes from
 * @param complete whether every object of the known classes is labelled; otherwise a place without a box says nothing
 *     unless a teacher looked there
 * @param encoded the file's bytes
 * @param objects labels
 */
public record LabeledPicture(
        String name, String source, boolean complete, byte[] encoded, List<LabeledObject> objects) {
    public LabeledPicture {
        objects = List.copyOf(objects);
    }

    public Picture decode() throws IOException {
        return Picture.decode(name, encoded);
    }

    LabeledPicture with(List<LabeledObject> other) {
        return new LabeledPicture(name, source, complete, encoded, other);
    }
}
