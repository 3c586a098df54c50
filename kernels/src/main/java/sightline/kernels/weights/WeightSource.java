package sightline.kernels.weights;

import java.net.URI;
import java.util.Optional;

/**
 * Where official weights are published.
 *
 * @param name the name that the command line knows
 * @param file what the file is called on this machine
 * @param uri the file itself
 * @param known its digest and length where somebody here has seen the very bytes
 * @param licence in words, shown before the download
 */
public record WeightSource(String name, String file, URI uri, Optional<Known> known, String licence) {
    /**
     * What the file must be.
     *
     * @param sha256 digest in lower-case hexadecimal
     * @param bytes length
     */
    public record Known(String sha256, long bytes) {
        public Known {
            if (!isDigest(sha256)) {
                throw new IllegalArgumentException(sha256 + " is no SHA-256 digest");
            }
            if (bytes <= 0) {
                throw new IllegalArgumentException("no weights have " + bytes + " bytes");
            }
        }
    }

    static boolean isDigest(String text) {
        return text.matches("[0-9a-f]{64}");
    }
}
