package sightline.operators.pool;

import java.util.ArrayList;
import java.util.List;

/**
 * Groups pictures that nearly repeat each other, so that a held-out picture never has a twin among the trained ones.
 * Two pictures of one source belong together when their fingerprints differ in at most {@code threshold} of 256 bits;
 * belonging is transitive.
 */
public final class Clusters {
    /** Close enough to be the same scene moments apart. */
    public static final int NEAR = 50;

    private Clusters() {}

    /** The cluster number of each picture; numbers are those of the cluster's first picture. */
    public static int[] of(List<Picture> pictures, List<String> sources, int threshold) {
        List<Fingerprint> prints = new ArrayList<>();
        pictures.forEach(p -> prints.add(Fingerprint.of(p)));
        int[] parent = new int[pictures.size()];
        for (int i = 0; i < parent.length; i++) {
            parent[i] = i;
            for (int j = 0; j < i; j++) {
                if (sources.get(i).equals(sources.get(j)) && prints.get(i).distance(prints.get(j)) <= threshold) {
                    int a = root(parent, i);
                    int b = root(parent, j);
                    parent[Math.max(a, b)] = Math.min(a, b);
                }
            }
        }
        for (int i = 0; i < parent.length; i++) {
            parent[i] = root(parent, i);
        }
        return parent;
    }

    /** Whether a cluster is held out: a fixed share of clusters, chosen by a hash of the first member's name. */
    public static boolean heldOut(String firstName, double share) {
        long h = firstName.hashCode() * 0x9E3779B97F4A7C15L;
        return (double) (h >>> 11) * 0x1p-53 < share;
    }

    private static int root(int[] parent, int i) {
        int at = i;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }
}
