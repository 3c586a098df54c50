package sightline.kernels.weights;

import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a public home says of a file in its headers. Hugging Face names digest and length of a large file
 * ({@code X-Linked-ETag}, {@code X-Linked-Size}) on the answer that redirects to the store, so the whole chain of answers
 * is looked at.
 *
 * @param sha256 the digest in lower-case hexadecimal, if it says one
 * @param bytes of the whole file, if it says so
 */
record Announcement(Optional<String> sha256, OptionalLong bytes) {
    static Announcement of(HttpResponse<?> last) {
        Optional<? extends HttpResponse<?>> at = Optional.of(last);
        Optional<String> digest = Optional.empty();
        OptionalLong linked = OptionalLong.empty();
        while (at.isPresent() && digest.isEmpty()) {
            digest = digest(at.get());
            linked = at.get().headers().firstValueAsLong("x-linked-size");
            at = at.get().previousResponse();
        }
        return new Announcement(digest, linked.isPresent() ? linked : whole(last));
    }

    private static Optional<String> digest(HttpResponse<?> response) {
        return response.headers()
                .firstValue("x-linked-etag")
                .map(text -> text.replace("\"", "").toLowerCase(Locale.ROOT))
                .filter(WeightSource::isDigest);
    }

    /** Length of the whole file, whether all of it, a part of it or nothing of it is in the answer. */
    private static OptionalLong whole(HttpResponse<?> response) {
        if (response.statusCode() == 200) {
            return response.headers().firstValueAsLong("content-length");
        }
        return response.headers()
                .firstValue("content-range")
                .map(range -> range.substring(range.lastIndexOf('/') + 1))
                .filter(total -> total.matches("\\d{1,18}"))
                .map(total -> OptionalLong.of(Long.parseLong(total)))
                .orElse(OptionalLong.empty());
    }
}
