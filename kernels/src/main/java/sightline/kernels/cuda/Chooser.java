package sightline.kernels.cuda;

import java.util.List;

/** Picks among the ways to compute a layer. */
@FunctionalInterface
interface Chooser {
    /** The first guess, whatever device it will be. */
    Chooser FIRST = (layer, candidates) -> candidates.getFirst();

    /**
     * @param layer all that a layer's time depends on, in words: layers of one name are alike
     * @param candidates at least one, the best guess first
     */
    Candidate choose(String layer, List<Candidate> candidates);

    /** The first guess that the device can run. */
    static Chooser firstOn(DeviceFacts device) {
        return (layer, candidates) -> runnable(candidates, device).getFirst();
    }

    /** Those that the device can run; all, where it can run none and will say so itself. */
    static List<Candidate> runnable(List<Candidate> candidates, DeviceFacts device) {
        List<Candidate> able = candidates.stream()
                .filter(c -> c.runsWith(device.sharedMemory(), device.capability()))
                .toList();
        return able.isEmpty() ? candidates : able;
    }
}
