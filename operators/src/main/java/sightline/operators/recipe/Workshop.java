package sightline.operators.recipe;

import java.util.List;
import sightline.kernels.engine.Engine;
import sightline.kernels.weights.Weights;

/**
 * Where a run computes.
 *
 * @param engines which the workers share in turns; one a device
 * @param tutors engines of a teacher that looks along, each beside the student's engine of the same place in the list, so
 *     that a teacher may run in half precision; empty where there is none
 * @param teacher weights of that teacher, which must outlive the run; null where there is none
 * @param memory bytes that activations may take; a run that needs more is refused before it starts
 */
public record Workshop(List<Engine> engines, List<Engine> tutors, Weights teacher, long memory) {
    public Workshop {
        engines = List.copyOf(engines);
        tutors = List.copyOf(tutors);
    }

    /** Where memory is not counted: the engines refuse what does not fit. */
    public Workshop(List<Engine> engines, List<Engine> tutors, Weights teacher) {
        this(engines, tutors, teacher, Long.MAX_VALUE);
    }

    /** Without a teacher that looks along. */
    public static Workshop of(List<Engine> engines) {
        return new Workshop(engines, List.of(), null);
    }

    /** The same with so much memory. */
    public Workshop within(long bytes) {
        return new Workshop(engines, tutors, teacher, bytes);
    }
}
