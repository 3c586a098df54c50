package sightline.kernels.cuda;

import java.util.List;
import sightline.kernels.cuda.driver.DeviceFacts;
import sightline.kernels.cuda.half.Candidate;
import sightline.kernels.cuda.half.Chooser;

/** Picks the first guess that a device can run. */
record FirstGuesses(DeviceFacts device) implements Chooser {
    @Override
    public Candidate choose(String layer, List<Candidate> candidates) {
        return runnable(candidates, device).getFirst();
    }

    /** Those that a device can run; all, where it can run none and will say so itself. */
    static List<Candidate> runnable(List<Candidate> candidates, DeviceFacts device) {
        List<Candidate> able = candidates.stream()
                .filter(c -> c.runsWith(device.sharedMemory(), device.capability()))
                .toList();
        return able.isEmpty() ? candidates : able;
    }
}
