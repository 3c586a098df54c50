package sightline.kernels.cuda.half;

import java.util.List;
import java.util.function.Consumer;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Step;

/**
 * One way to compute a layer. All candidates of a layer read and write the same slots and give the same numbers within
 * rounding; which one is the fastest depends on the device.
 *
 * @param name unique among the candidates of a layer, and the same from run to run
 * @param shared bytes of shared memory that a block needs
 * @param capability the one compute capability, 10 major + minor, whose own instructions it needs; 0 for none
 * @param emission adds its steps; a step's first slot is what the layer before has just made
 */
public record Candidate(String name, int shared, int capability, Consumer<Emitter> emission) {
    /** Whether a device runs it. */
    public boolean runsWith(int sharedMemory, int deviceCapability) {
        return shared <= sharedMemory && (capability == 0 || capability == deviceCapability);
    }

    /** Its steps, on their own. */
    public List<Step> steps() {
        Emitter alone = new Emitter();
        emission.accept(alone);
        return alone.steps();
    }
}
