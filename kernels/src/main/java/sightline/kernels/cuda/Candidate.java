package sightline.kernels.cuda;

import java.util.List;
import java.util.function.Consumer;

/**
 * One way to compute a layer. All candidates of a layer read and write the same slots and give the same numbers within
 * rounding; which one is the fastest depends on the device.
 *
 * @param name unique among the candidates of a layer, and the same from run to run
 * @param shared bytes of shared memory that a block needs
 * @param capability the least compute capability, 10 major + minor; 0 for any
 * @param emission adds its steps; a step's first slot is what the layer before has just made
 */
record Candidate(String name, int shared, int capability, Consumer<Emitter> emission) {
    boolean runsWith(int sharedMemory, int deviceCapability) {
        return shared <= sharedMemory && capability <= deviceCapability;
    }

    /** Its steps, on their own. */
    List<Step> steps() {
        Emitter alone = new Emitter();
        emission.accept(alone);
        return alone.steps();
    }
}
