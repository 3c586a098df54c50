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
 * @param teaching what dense teachers said
 */
public record LabeledPicture(
        String name, String source, boolean complete, byte[] encoded, List<LabeledObject> objects, Teaching teaching) {
    public LabeledPicture {
        objects = List.copyOf(objects);
    }

    /** A picture at which no dense teacher has looked. */
    public LabeledPicture(String name, String source, boolean complete, byte[] encoded, List<LabeledObject> objects) {
        this(name, source, complete, encoded, objects, Teaching.NONE);
    }

    public Picture decode() throws IOException {
        return Picture.decode(name, encoded);
    }

    /** The same picture with more, or other, dense labels. */
    public LabeledPicture taught(Teaching other) {
        return new LabeledPicture(name, source, complete, encoded, objects, other);
    }

    /** The same picture with other boxes. */
    LabeledPicture labeled(List<LabeledObject> others) {
        return new LabeledPicture(name, source, complete, encoded, others, teaching);
    }

    /** The same picture in other bytes. */
    LabeledPicture encodedAs(byte[] bytes) {
        return new LabeledPicture(name, source, complete, bytes, objects, teaching);
    }
}
