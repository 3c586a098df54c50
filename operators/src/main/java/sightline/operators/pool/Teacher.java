package sightline.operators.pool;

import java.io.IOException;
import java.util.List;

/**
 * A detector that labels pictures for another to learn from.
 *
 * <p>Threading: one call at a time.
 */
public interface Teacher extends AutoCloseable {
    /** Its name for model cards and caches. */
    String name();

    /** Everything it sees with a score of at least {@code floor}, boxes in fractions of the picture. */
    List<LabeledObject> label(Picture picture, double floor) throws IOException;

    @Override
    void close();
}
