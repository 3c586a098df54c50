package sightline.operators.possibility;

/**
 * The alpha-cut {@code {x : f(x) >= alpha}} of a possibility function. It holds the truth with necessity
 * {@code 1 - alpha}: every x outside has credibility below alpha. For a max-mixture it is a union of ellipsoids, term i
 * giving {@code d2_i <= -2 (ln alpha - ln w_i)}.
 */
public final class AlphaCut {
    private AlphaCut() {}

    public static boolean contains(MaxMixture f, double alpha, double... x) {
        if (!(alpha > 0 && alpha <= 1)) {
            throw new IllegalArgumentException("alpha " + alpha + " is not in (0, 1]");
        }
        return f.logAt(x) >= Math.log(alpha);
    }

    /** Squared Mahalanobis radius of a term's ellipsoid, negative where the term does not reach alpha. */
    public static double squaredRadius(MaxMixture f, int term, double alpha) {
        return -2 * (Math.log(alpha) - f.logWeight(term));
    }
}
