package sightline.kernels.cuda;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sightline.config.domain.Pixels;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

/**
 * A session's {@link CudaPictures}, one for each size of picture that came lately; the one that was not used for longest
 * makes room. Where the device has no memory for another, pictures of that size are left to the caller. One thread at a
 * time, as the session.
 */
final class PictureFeeds implements AutoCloseable {
    private static final int MOST = 4;

    private final CudaSession session;
    private final Map<Kind, Optional<CudaPictures>> feeds = new LinkedHashMap<>(MOST, 0.75f, true);

    private record Kind(Framing framing, Resampling resampling, Normalisation normalisation) {}

    PictureFeeds(CudaSession session) {
        this.session = session;
    }

    Optional<Map<String, Tensor>> run(
            List<Pixels> pictures, Framing framing, Resampling resampling, Normalisation normalisation) {
        return feed(new Kind(framing, resampling, normalisation)).map(feed -> feed.run(pictures));
    }

    private Optional<CudaPictures> feed(Kind kind) {
        Optional<CudaPictures> known = feeds.get(kind);
        if (known == null) {
            if (feeds.size() == MOST) {
                feeds.remove(feeds.keySet().iterator().next()).ifPresent(CudaPictures::close);
            }
            known = open(kind);
            feeds.put(kind, known);
        }
        return known;
    }

    private Optional<CudaPictures> open(Kind kind) {
        try {
            return Optional.of(CudaPictures.own(session, kind.framing, kind.resampling, kind.normalisation));
        } catch (CudaFailure failure) {
            if (failure.kind() == CudaFailure.Kind.OUT_OF_MEMORY || failure.kind() == CudaFailure.Kind.OVER_QUOTA) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public void close() {
        feeds.values().forEach(feed -> feed.ifPresent(CudaPictures::close));
        feeds.clear();
    }
}
