package sightline.operators.pool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a {@link TrainPack} that travels of a pool and folders of frames, in an order that wastes no teacher's time:
 * clusters of near-duplicates first, with a held-out share of whole clusters and at most a few pictures of each, then a
 * sample that is labelled and says whether all fit and how coarse they must be, then everybody else's labels, once.
 *
 * @param longestSide pictures that travel are shrunk to this; teachers see the whole ones
 * @param quality of the JPEGs, 0..1, where they fit
 * @param perCluster at most this many of each trained cluster
 * @param heldOutShare share of clusters that is never trained on
 * @param bytes the file may have
 */
public record PackBuilder(int longestSide, float quality, int perCluster, double heldOutShare, long bytes) {
    private static final Logger LOG = LoggerFactory.getLogger(PackBuilder.class);
    private static final int SMALL = 64;

    /** Splits, keeping near-duplicates together. Corrupt pictures are skipped with their names. */
    public TrainPack chosen(List<LabeledPicture> all) {
        // Decoding is all that takes time here, and each picture is on its own.
        List<Optional<Picture>> seen =
                all.parallelStream().map(PackBuilder::glance).toList();
        List<LabeledPicture> whole = new ArrayList<>();
        List<Picture> small = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            LabeledPicture p = all.get(i);
            seen.get(i).ifPresent(glance -> {
                NeverTrain.check(p.name());
                whole.add(p);
                small.add(glance);
            });
        }
        return split(
                whole,
                Clusters.of(small, whole.stream().map(LabeledPicture::source).toList(), Clusters.NEAR));
    }

    private static Optional<Picture> glance(LabeledPicture picture) {
        try {
            return Optional.of(picture.decode().resize(SMALL, SMALL));
        } catch (IOException e) {
            LOG.warn("skipped: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private TrainPack split(List<LabeledPicture> whole, int[] cluster) {
        List<LabeledPicture> trained = new ArrayList<>();
        List<LabeledPicture> heldOut = new ArrayList<>();
        Map<Integer, Integer> taken = new HashMap<>();
        for (int i = 0; i < whole.size(); i++) {
            if (Clusters.heldOut(whole.get(cluster[i]).name(), heldOutShare)) {
                if (taken.merge(cluster[i], 1, Integer::sum) == 1) {
                    heldOut.add(whole.get(i));
                }
            } else if (taken.merge(cluster[i], 1, Integer::sum) <= perCluster) {
                trained.add(whole.get(i));
            }
        }
        return new TrainPack(trained, heldOut);
    }

    /** At most so many pictures: of those to learn from only some, evenly over all; those held out stay. */
    public static TrainPack thinned(TrainPack pack, int pictures) {
        int left = Math.max(0, pictures - pack.heldOut().size());
        return new TrainPack(PackFit.evenly(pack.trained(), left), pack.heldOut());
    }

    /**
     * Labels and writes. Fails before all but a sample is labelled where the pack will not fit, and leaves a file that was
     * there before as it was.
     *
     * @param pack from {@link #chosen}, with whatever else must be in it
     * @param nanoTime what time is left is measured with
     * @param out gets a line of progress now and then
     * @return the quality of the JPEGs
     */
    public float write(TrainPack pack, Lessons lessons, Path to, LongSupplier nanoTime, Consumer<String> out)
            throws IOException, InterruptedException {
        int all = pack.trained().size() + pack.heldOut().size();
        if (all == 0) {
            throw new IOException("no pictures are left for " + to);
        }
        TrainPack first = PackFit.sampled(pack);
        var pace = new Pace(all, nanoTime, out);
        TrainPack known = lessons.give(first, pace::done);
        var fit = new PackFit(known, all, bytes);
        float fits = fit.quality(longestSide, quality);
        out.accept(String.format(
                Locale.ROOT,
                "about %,d bytes with JPEGs of quality %.2f, %,d are allowed",
                fit.foretold(longestSide, fits),
                fits,
                bytes));
        int seen = known.trained().size() + known.heldOut().size();
        TrainPack rest = lessons.give(without(pack, first), more -> pace.done(seen + more));
        return PackFit.write(joined(pack, known, rest), to, bytes, longestSide, fits);
    }

    private static TrainPack without(TrainPack pack, TrainPack some) {
        Set<String> names = new HashSet<>();
        some.trained().forEach(p -> names.add(p.name()));
        some.heldOut().forEach(p -> names.add(p.name()));
        return new TrainPack(
                pack.trained().stream().filter(p -> !names.contains(p.name())).toList(),
                pack.heldOut().stream().filter(p -> !names.contains(p.name())).toList());
    }

    /** In the first one's order. */
    private static TrainPack joined(TrainPack order, TrainPack... parts) {
        Map<String, LabeledPicture> taught = new HashMap<>();
        for (TrainPack part : parts) {
            part.trained().forEach(p -> taught.put(p.name(), p));
            part.heldOut().forEach(p -> taught.put(p.name(), p));
        }
        return new TrainPack(
                order.trained().stream().map(p -> taught.get(p.name())).toList(),
                order.heldOut().stream().map(p -> taught.get(p.name())).toList());
    }
}
