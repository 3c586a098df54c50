package sightline.operators.pool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Draws training pictures: first a source by its weight, then a picture of it evenly.
 *
 * <p>Threading: immutable.
 */
public final class PictureSource {
    private final List<List<LabeledPicture>> sources = new ArrayList<>();
    private final List<Double> upTo = new ArrayList<>();
    private final double total;

    /**
     * Over these pictures.
     *
     * @param weights share of each source's name; sources without one are left out
     */
    public PictureSource(List<LabeledPicture> pictures, Map<String, Double> weights) {
        Map<String, List<LabeledPicture>> bySource = new LinkedHashMap<>();
        for (LabeledPicture p : pictures) {
            bySource.computeIfAbsent(p.source(), s -> new ArrayList<>()).add(p);
        }
        double sum = 0;
        for (var e : bySource.entrySet()) {
            double weight = weights.getOrDefault(e.getKey(), 0.0);
            if (weight > 0) {
                sum += weight;
                sources.add(List.copyOf(e.getValue()));
                upTo.add(sum);
            }
        }
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("no pictures of " + weights.keySet() + " among " + bySource.keySet());
        }
        total = sum;
    }

    LabeledPicture next(SplittableRandom random) {
        double at = random.nextDouble() * total;
        int i = 0;
        while (i + 1 < sources.size() && at >= upTo.get(i)) {
            i++;
        }
        List<LabeledPicture> source = sources.get(i);
        return source.get(random.nextInt(source.size()));
    }
}
