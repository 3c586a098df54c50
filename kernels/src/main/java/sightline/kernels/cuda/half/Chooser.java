package sightline.kernels.cuda.half;

import java.util.List;

/** Picks among the ways to compute a layer. */
@FunctionalInterface
public interface Chooser {
    /** The first guess, whatever device it will be. */
    Chooser FIRST = (layer, candidates) -> candidates.getFirst();

    /**
     * @param layer all that a layer's time depends on, in words: layers of one name are alike
     * @param candidates at least one, the best guess first
     */
    Candidate choose(String layer, List<Candidate> candidates);
}
