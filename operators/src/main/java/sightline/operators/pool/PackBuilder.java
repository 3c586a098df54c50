package sightline.operators.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a {@link TrainPack} of a pool and folders of frames: labels by a teacher, clusters of near-duplicates, a
 * held-out share of whole clusters, at most a few pictures of each cluster, and smaller JPEGs so that the pack travels.
 *
 * @param merge how a teacher's labels join a person's
 * @param longestSide pictures are shrunk to this
 * @param quality of the JPEGs, 0..1
 * @param perCluster at most this many of each trained cluster
 * @param heldOutShare share of clusters that is never trained on
 */
public record PackBuilder(LabelMerge merge, int longestSide, float quality, int perCluster, double heldOutShare) {
    private static final Logger LOG = LoggerFactory.getLogger(PackBuilder.class);

    /** Frames of a folder as unlabelled pictures of one source, in the order of their names. */
    public static List<LabeledPicture> frames(Path folder, String source) throws IOException {
        List<LabeledPicture> pictures = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".jpg")).sorted().toList()) {
                NeverTrain.check(file.toString());
                String name = source + "/" + file.getFileName();
                pictures.add(new LabeledPicture(name, source, false, Files.readAllBytes(file), List.of()));
            }
        }
        return pictures;
    }

    /** Labels, splits and shrinks. Corrupt pictures are skipped with their names. */
    public TrainPack build(List<LabeledPicture> all, Teacher teacher) throws IOException {
        List<LabeledPicture> whole = new ArrayList<>();
        List<Picture> decoded = new ArrayList<>();
        for (LabeledPicture p : all) {
            try {
                Picture picture = p.decode();
                List<LabeledObject> seen = p.complete() ? List.of() : teacher.label(picture, merge.floor());
                Picture small = shrink(picture);
                whole.add(new LabeledPicture(
                        NeverTrain.check(p.name()),
                        p.source(),
                        p.complete(),
                        small.jpeg(quality),
                        merge.merge(p.complete(), p.objects(), seen)));
                decoded.add(small.resize(64, 64));
            } catch (IOException e) {
                LOG.warn("skipped: {}", e.getMessage());
            }
            if (whole.size() % 500 == 0) {
                LOG.info("{} of {} pictures labelled by {}", whole.size(), all.size(), teacher.name());
            }
        }
        int[] cluster =
                Clusters.of(decoded, whole.stream().map(LabeledPicture::source).toList(), Clusters.NEAR);
        return split(whole, cluster);
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
        LOG.info("{} clusters; {} pictures to train, {} held out", taken.size(), trained.size(), heldOut.size());
        return new TrainPack(trained, heldOut);
    }

    private Picture shrink(Picture p) {
        int longest = Math.max(p.width(), p.height());
        if (longest <= longestSide) {
            return p;
        }
        double by = (double) longestSide / longest;
        return p.resize((int) Math.round(p.width() * by), (int) Math.round(p.height() * by));
    }
}
