package sightline.operators.pool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decoded pictures with their halves and quarters. Keeps what fits in its budget and decodes the rest each time.
 *
 * <p>Threading: any number of threads.
 */
public final class PictureCache {
    private final ConcurrentMap<String, List<Picture>> kept = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final long budget;

    public PictureCache(long budgetBytes) {
        this.budget = budgetBytes;
    }

    /** The picture, then its halvings until the shorter side is below 32. */
    public List<Picture> get(LabeledPicture picture) {
        List<Picture> levels = kept.get(picture.name());
        if (levels != null) {
            return levels;
        }
        levels = decode(picture);
        long size = levels.stream().mapToLong(p -> p.rgb().length).sum();
        if (bytes.get() + size <= budget && kept.putIfAbsent(picture.name(), levels) == null) {
            bytes.addAndGet(size);
        }
        return levels;
    }

    private static List<Picture> decode(LabeledPicture picture) {
        try {
            List<Picture> levels = new ArrayList<>();
            Picture p = picture.decode();
            levels.add(p);
            while (Math.min(p.width(), p.height()) >= 64) {
                p = p.half();
                levels.add(p);
            }
            return levels;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
