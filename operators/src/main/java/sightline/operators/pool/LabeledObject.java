package sightline.operators.pool;

import sightline.config.domain.Box;
import sightline.config.domain.ObjectClass;

/**
 * One object of a picture, in fractions of its width and height.
 *
 * @param label its class
 * @param box in 0..1
 * @param score 1 for a person's own label, the teacher's score for a teacher's
 * @param ignored true where nobody is sure: neither an example nor a counter-example
 */
public record LabeledObject(ObjectClass label, Box box, double score, boolean ignored) {
    /** A box that a person drew. */
    public static LabeledObject human(ObjectClass label, Box box) {
        return new LabeledObject(label, box, 1, false);
    }
}
