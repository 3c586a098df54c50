package sightline.kernels.weights;

import java.nio.file.Path;

/**
 * Weights that were brought, or were there and right.
 *
 * @param file where they are
 * @param sha256 what they are
 * @param proof what that digest was compared with
 */
public record FetchedWeights(Path file, String sha256, Proof proof) {
    /** Whose word the digest was held against. */
    public enum Proof {
        /** The digest of {@link WeightSource#known()}. */
        KNOWN,
        /** The digest that the public home announces with the file: right as far as the home is. */
        ANNOUNCED,
        /** None is published: only the length, if that, was compared. */
        NONE
    }
}
