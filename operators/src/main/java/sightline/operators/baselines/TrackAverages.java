package sightline.operators.baselines;

import java.util.List;
import sightline.operators.possibility.MaxMixture;
import sightline.operators.possibility.MixtureProduct;

/** Fusion of estimates of one known target, each the first term of a mixture over four states. */
public final class TrackAverages {
    private TrackAverages() {}

    /** Covariance intersection with equal weights: conservative whatever the correlation. */
    public static MaxMixture covarianceIntersection(List<MaxMixture> estimates) {
        double o = 1.0 / estimates.size();
        MaxMixture fused = null;
        MixtureProduct product = new MixtureProduct(4);
        for (MaxMixture estimate : estimates) {
            MaxMixture share = new MaxMixture(4, 1);
            share.addTerm(estimate, 0);
            share.power(o);
            if (fused == null) {
                fused = share;
            } else {
                MaxMixture next = new MaxMixture(4, 1);
                product.multiply(fused, share, Double.POSITIVE_INFINITY, next);
                fused = next;
            }
        }
        if (fused == null) {
            throw new IllegalArgumentException("nothing to fuse");
        }
        fused.logWeight(0, 0);
        return fused;
    }

    /** The mean of means with the mean of covariances: what people write first, blind to confidence. */
    public static MaxMixture naive(List<MaxMixture> estimates) {
        if (estimates.isEmpty()) {
            throw new IllegalArgumentException("nothing to fuse");
        }
        MaxMixture out = new MaxMixture(4, 1);
        out.append(0);
        int s = estimates.size();
        for (MaxMixture estimate : estimates) {
            for (int k = 0; k < 4; k++) {
                out.means()[k] += estimate.means()[k] / s;
            }
            for (int k = 0; k < 16; k++) {
                out.covariances()[k] += estimate.covariances()[k] / s;
            }
        }
        return out;
    }
}
