package sightline.kernels.cuda;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.vision.Framing;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Resampling;

/**
 * What a session needs for pictures of one size, for each size that came lately; the one that was not used for longest makes
 * room. Where the device has no memory for another, pictures of that size are left to the caller. One thread at a time, as
 * the session.
 *
 * @param <F> what is needed
 */
final class PictureFeeds<F extends AutoCloseable> {
    private static final int MOST = 4;

    private final Map<Kind, Optional<F>> feeds = new LinkedHashMap<>(MOST, 0.75f, true);
    private final Function<Kind, F> open;
    private final Runnable beforeClosing;

    record Kind(Framing framing, Resampling resampling, Normalisation normalisation) {}

    /** @param beforeClosing called ahead of giving something back that may be in use */
    PictureFeeds(Function<Kind, F> open, Runnable beforeClosing) {
        this.open = open;
        this.beforeClosing = beforeClosing;
    }

    Optional<F> feed(Kind kind) {
        Optional<F> known = feeds.get(kind);
        if (known == null) {
            if (feeds.size() == MOST) {
                beforeClosing.run();
                close(feeds.remove(feeds.keySet().iterator().next()));
            }
            known = unlessFull(() -> open.apply(kind));
            feeds.put(kind, known);
        }
        return known;
    }

    /** Empty where the device has no memory for it. */
    static <T> Optional<T> unlessFull(Supplier<T> open) {
        try {
            return Optional.of(open.get());
        } catch (CudaFailure failure) {
            if (failure.ofMemory()) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private void close(Optional<F> feed) {
        if (feed.isPresent()) {
            try {
                feed.get().close();
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** On the device's thread. */
    void closeAll() {
        feeds.values().forEach(this::close);
        feeds.clear();
    }
}
