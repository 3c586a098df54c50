package sightline.operators.pool;

/**
 * A network whose dense word joins a picture's labels.
 *
 * <p>Threading: one call at a time.
 */
public interface DenseTeacher extends AutoCloseable {
    /** Its name for model cards. */
    String name();

    /** What it adds to what is already known of a picture. */
    Teaching teach(Picture picture, Teaching known);

    @Override
    void close();
}
