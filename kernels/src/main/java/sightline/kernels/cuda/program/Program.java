package sightline.kernels.cuda.program;

import java.util.List;
import java.util.Map;
import sightline.kernels.graph.TensorType;

/**
 * A lowered graph: what to run once, what to run every time, and where values come in and go out. Independent of any
 * device until {@link MemoryPlan} places its slots.
 *
 * @param once steps that make constants (packed weights, fills) when the session opens
 * @param steps steps of every run, in order
 * @param slots all slots, by id
 * @param inputs copied in before a run
 * @param outputs copied out after it
 * @param states kept from run to run
 * @param fault a word that a kernel sets to fail the run, null where none does
 */
public record Program(
        List<Step> once,
        List<Step> steps,
        List<Slot> slots,
        Map<String, Port> inputs,
        Map<String, Port> outputs,
        Map<String, Port> states,
        Slot fault) {

    /** A named tensor on the boundary, with the type that the graph declares. */
    public record Port(Array32 array, TensorType type) {}
}
