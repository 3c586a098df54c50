package sightline.kernels.weights;

import java.net.URI;

/**
 * Where official weights are published.
 *
 * @param name the name that the command line knows, also the file's name
 * @param uri the file itself
 * @param sha256 its digest in lower-case hexadecimal
 * @param bytes its length
 * @param licence in words, shown before the download
 */
public record WeightSource(String name, URI uri, String sha256, long bytes, String licence) {
    public WeightSource {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(sha256 + " is no SHA-256 digest");
        }
        if (bytes <= 0) {
            throw new IllegalArgumentException(name + " cannot have " + bytes + " bytes");
        }
    }
}
